'use strict';

// What carry() refuses, what cannot be posted, and what cannot be entered where it arrives.

const assert = require('node:assert/strict');
const { MessageChannel, BroadcastChannel } = require('node:worker_threads');
const { carry, storageFor } = require('../../../contexts.js');
const { carriedChannel, collect } = require('../../helpers/carrying.js');
const { ofPorts } = require('../../helpers/listening.js');
const { runProgram } = require('../../helpers/program.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.failures');
const contexts = [storage];

const PREFIX = "The context 'carry.failures' cannot be sent to another thread: ";

/** That a message after a failed one still arrives, in its context. */
async function arrives(port1, port2) {
  const received = collect(
    (fn) => ofPorts['on()'](port2, fn),
    1,
    (message) => [message, storage.getStore()],
  );
  storage.run('fine', () => port1.postMessage('next'));
  assert.deepEqual(await received, [['next', 'fine']]);
}

test('a store that cannot be cloned: postMessage() names the context and the path', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  for (const [store, place] of [
    [() => {}, 'it cannot be cloned. '],
    [{ user: { save() {} } }, 'its value at .user.save cannot be cloned. '],
    [{ list: [1, Symbol('s')] }, 'its value at .list[1] cannot be cloned. '],
  ]) {
    assert.throws(
      () => storage.run(store, () => port1.postMessage('message')),
      (error) => {
        assert.equal(error.name, 'TypeError');
        assert.equal(error.code, 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE');
        assert.ok(error.message.startsWith(PREFIX + place), error.message);
        assert.doesNotMatch(error.stack, /[\\/]lib[\\/]contexts/);
        return true;
      },
    );
  }
  await arrives(port1, port2);
});

test('a message that cannot be cloned fails as ever, whatever the context', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  for (const run of [(fn) => fn(), (fn) => storage.run('store', fn)]) {
    assert.throws(() => run(() => port1.postMessage(() => {})), { name: 'DataCloneError' });
  }
  await arrives(port1, port2);
});

test('nothing is transferred with a message that cannot be posted', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  const buffer = new ArrayBuffer(8);
  const post = () => port1.postMessage(buffer, [buffer]);
  assert.throws(() => storage.run({ fn() {} }, post), {
    code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE',
  });
  assert.equal(buffer.byteLength, 8);
  await arrives(port1, port2);
});

test('what serialize() throws is thrown by postMessage(), as it is', async (t) => {
  const expected = new Error('not now');
  const failing = storageFor('carry.failures.serialize', {
    serialize() {
      throw expected;
    },
  });
  const { port1, port2 } = carriedChannel(t, { contexts: [storage, failing] });
  assert.throws(
    () => failing.run(1, () => port1.postMessage('message')),
    (error) => error === expected,
  );
  await arrives(port1, port2);
});

test('postMessage() without a message is for the port itself to judge', (t) => {
  const plain = new MessageChannel();
  t.after(() => plain.port1.close());
  const { port1 } = carriedChannel(t, { contexts });
  const outcome = (port) => {
    try {
      return [port.postMessage()];
    } catch ({ name, code, message }) {
      return { name, code, message };
    }
  };
  assert.deepEqual(outcome(port1), outcome(plain.port1));
});

test('postMessage() that another port borrows posts a message as it is', async (t) => {
  const plain = new MessageChannel();
  t.after(() => plain.port1.close());
  const { port1 } = carriedChannel(t, { contexts });
  const received = collect(
    (fn) => ofPorts['on()'](plain.port2, fn),
    1,
    (message) => message,
  );
  storage.run('store', () => Reflect.apply(port1.postMessage, plain.port1, ['as it is']));
  assert.deepEqual(await received, ['as it is']);
});

const unknown = {
  'what deserialize() throws': [
    () => {
      const made = storageFor('carry.failures.deserialize', {
        serialize: (store) => store,
        deserialize() {
          throw new RangeError('cannot be made again');
        },
      });
      return [[made], (fn) => made.run(1, fn)];
    },
    { name: 'RangeError', message: 'cannot be made again' },
  ],
  'a storage without deserialize()': [
    () => {
      const made = storageFor('carry.failures.one-way', { serialize: (store) => store });
      return [[made], (fn) => made.run(1, fn)];
    },
    { code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN' },
  ],
  'what enter() of a carrier throws': [
    () => {
      const carrier = {
        name: 'carry.failures.carrier',
        capture: () => 1,
        enter() {
          throw new RangeError('cannot be entered');
        },
      };
      return [[carrier], (fn) => fn()];
    },
    { name: 'RangeError', message: 'cannot be entered' },
  ],
};

for (const [title, [make, expected]] of Object.entries(unknown)) {
  test(`${title} is an event 'messageerror', and the message is not delivered`, async (t) => {
    const [list, run] = make();
    const { port1, port2 } = carriedChannel(t, { contexts: list });
    const heard = [];
    port2.on('message', (message) => heard.push(message));
    const failed = new Promise((resolve) => port2.on('messageerror', resolve));
    run(() => port1.postMessage('message'));
    const error = await failed;
    for (const [key, value] of Object.entries(expected)) assert.equal(error[key], value);
    assert.deepEqual(heard, []);
  });
}

// In a process of its own, because a runner of tests takes every uncaught exception for a failure.
test('what a listener throws is not taken for a failure of the context', async () => {
  const seen = await runProgram(async () => {
    const { carry: carryIt, storageFor: named } = require('async-hooks-rs/contexts');
    const users = named('user');
    const { port1, port2 } = new (require('node:worker_threads').MessageChannel)();
    carryIt(port1, { contexts: [users] });
    carryIt(port2);
    const heard = [];
    port2.on('messageerror', () => heard.push('messageerror'));
    port2.on('message', (message) => {
      throw new Error(message);
    });
    users.run('store', () => port1.postMessage('thrown by a listener'));
    const error = await new Promise((resolve) => {
      process.once('uncaughtException', resolve);
    });
    port1.close();
    return [...heard, error.message];
  });
  assert.deepEqual(seen, ['thrown by a listener']);
});

test('without a listener for it, a failure of the context is an uncaught exception', async () => {
  const seen = await runProgram(async () => {
    const { carry: carryIt, storageFor: named } = require('async-hooks-rs/contexts');
    const users = named('user', { serialize: (user) => user });
    const { port1, port2 } = new (require('node:worker_threads').MessageChannel)();
    carryIt(port1, { contexts: [users] });
    carryIt(port2);
    const heard = [];
    port2.on('message', (message) => heard.push(message));
    users.run('store', () => port1.postMessage('message'));
    const error = await new Promise((resolve) => {
      process.once('uncaughtException', resolve);
    });
    port1.close();
    return [...heard, error.code];
  });
  assert.deepEqual(seen, ['ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN']);
});

for (const [title, call, message] of [
  ['no port', () => carry(), 'The "port" argument must be a Worker or a MessagePort.'],
  [
    'a channel of many ends',
    () => {
      const channel = new BroadcastChannel('carry');
      try {
        carry(channel);
      } finally {
        channel.close();
      }
    },
    'The "port" argument must be a Worker or a MessagePort.',
  ],
  [
    'options that are no object',
    () => carry(new MessageChannel().port1, 1),
    'The "options" argument must be of type object.',
  ],
  [
    'a list that is none',
    () => carry(new MessageChannel().port1, { contexts: storage }),
    'The "options.contexts" property must be an instance of Array.',
  ],
  [
    'a storage without a name',
    () => carry(new MessageChannel().port1, { contexts: [{}] }),
    'The "options.contexts[0]" property must be a storage of storageFor()',
  ],
  [
    'no function to run',
    () => carry(new MessageChannel().port1).run(),
    'The "fn" argument must be of type function.',
  ],
]) {
  test(`${title} is refused, where it was called`, () => {
    assert.throws(call, (error) => {
      assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
      assert.equal(error.message.slice(0, message.length), message);
      assert.doesNotMatch(error.stack, /[\\/]lib[\\/]contexts/);
      return true;
    });
  });
}

test('an option that is inherited is none', async (t) => {
  const { port1, port2 } = carriedChannel(t, Object.create({ contexts: 1 }));
  const received = collect(
    (fn) => ofPorts['on()'](port2, fn),
    1,
    (message) => message,
  );
  port1.postMessage('message');
  assert.deepEqual(await received, ['message']);
});
