'use strict';

// An end that has not called carry(), has not done so yet, or posts without it.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { MessageChannel, MessagePort, Worker } = require('node:worker_threads');
const { carry, storageFor } = require('../../../contexts.js');
const { carriedWorker, collect, fixture } = require('../../helpers/carrying.js');
const { ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.other-end');
const contexts = [storage];

const KEY = 'posted by carry() of async-hooks-rs: call carry() on this end, too';
const CODE = 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CARRIED';

function channel(t) {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  return { port1, port2 };
}

const see = (message) => [message, storage.getStore()];
const listen = (port, count) => collect((fn) => ofPorts['on()'](port, fn), count, see);

test('messages wait for carry() of the other end', async (t) => {
  const { port1, port2 } = channel(t);
  carry(port1, { contexts });
  storage.run('early', () => port1.postMessage('message'));
  carry(port2, { contexts });
  assert.deepEqual(await listen(port2, 1), [['message', 'early']]);
});

test('an end without carry() gets objects whose key says what is missing', async (t) => {
  const { port1, port2 } = channel(t);
  carry(port1, { contexts });
  storage.run('store', () => port1.postMessage('message'));
  const seen = await listen(port2, 2);
  assert.deepEqual(
    seen.map(([message]) => message[KEY]),
    ['greeting', 'message'],
  );
});

test('an end that has posted without carry() is posted nothing it does not know', async (t) => {
  const { port1, port2 } = channel(t);
  carry(port1, { contexts });
  const received = listen(port1, 1);
  port2.postMessage('as it is');
  assert.deepEqual(await received, [['as it is', undefined]]);
  assert.throws(
    () => port1.postMessage('message'),
    (error) => {
      assert.equal(error.code, CODE);
      assert.doesNotMatch(error.stack, /[\\/]lib[\\/]contexts/);
      return true;
    },
  );
});

test('as soon as it has called carry(), it is', async (t) => {
  const { port1, port2 } = channel(t);
  carry(port1, { contexts });
  const received = listen(port1, 2);
  port2.postMessage('before');
  carry(port2, { contexts });
  storage.run('store', () => port2.postMessage('after'));
  assert.deepEqual(await received, [
    ['before', undefined],
    ['after', 'store'],
  ]);
  const there = listen(port2, 1);
  storage.run('another', () => port1.postMessage('message'));
  assert.deepEqual(await there, [['message', 'another']]);
});

test('messages of a postMessage() that was kept from before arrive as they are', async (t) => {
  const { port1, port2 } = channel(t);
  const kept = port1.postMessage.bind(port1);
  carry(port1, { contexts });
  carry(port2, { contexts });
  const received = listen(port2, 4);
  storage.run('one', () => port1.postMessage(1));
  storage.run('lost', () => kept(2));
  storage.run('lost', () => MessagePort.prototype.postMessage.call(port1, 3));
  storage.run('two', () => port1.postMessage(4));
  assert.deepEqual(await received, [
    [1, 'one'],
    [2, undefined],
    [3, undefined],
    [4, 'two'],
  ]);
});

test('run() without carry() of the other end', async (t) => {
  const { port1, port2 } = channel(t);
  const carried = carry(port1, { contexts });
  assert.throws(
    () => carried.run(() => assert.fail('called')),
    (error) => {
      assert.equal(error.code, CODE);
      assert.doesNotMatch(error.stack, /[\\/]lib[\\/]contexts/);
      return true;
    },
  );
  storage.run('of the other end', () => carry(port2, { contexts }));
  const received = listen(port1, 1);
  port2.postMessage('message');
  await received;
  assert.deepEqual(
    carried.run((...args) => [storage.getStore(), ...args], 1, 2),
    ['of the other end', 1, 2],
  );
});

/** The warnings of the process while `fn` runs and until a turn after it. */
async function warningsOf(fn) {
  const warnings = [];
  const others = process.rawListeners('warning'); // which print it
  process.removeAllListeners('warning');
  process.on('warning', ({ code, message }) => warnings.push([code, message]));
  await fn();
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('warning');
  for (const listener of others) process.on('warning', listener);
  return warnings;
}

test('a Worker that ends without carry(): a warning, if messages were posted to it', async (t) => {
  for (const count of [0, 2]) {
    const warnings = await warningsOf(async () => {
      const worker = new Worker(fixture('plain.js'));
      t.after(() => worker.terminate());
      const exited = once(worker, 'exit');
      carry(worker, { contexts });
      for (let i = 0; i < count; i++) storage.run('store', () => worker.postMessage(i));
      assert.deepEqual(await exited, [0]);
    });
    assert.deepEqual(
      warnings.map(([code, message]) => [code, message.includes(`${count} message(s)`)]),
      count === 0 ? [] : [[CODE, true]],
    );
  }
});

test('a Worker that was stopped has broken no rule', async (t) => {
  const warnings = await warningsOf(async () => {
    const worker = new Worker(fixture('plain.js'), { workerData: { waits: true } });
    t.after(() => worker.terminate());
    carry(worker, { contexts });
    worker.postMessage('message');
    await worker.terminate();
  });
  assert.deepEqual(warnings, []);
});

test('a port that the other end closes without carry(): a warning', async (t) => {
  const warnings = await warningsOf(async () => {
    const { port1, port2 } = channel(t);
    carry(port1, { contexts });
    port1.postMessage('message');
    port1.on('message', () => {}); // keeps the process
    const closed = once(port1, 'close');
    port2.close();
    await closed;
  });
  assert.deepEqual(
    warnings.map(([code]) => code),
    [CODE],
  );
});

test('the end that closes a port knows why', async (t) => {
  const warnings = await warningsOf(async () => {
    const { port1, port2 } = channel(t);
    carry(port1, { contexts });
    port1.postMessage('message');
    port2.on('message', () => {});
    const closed = once(port2, 'close');
    port1.close();
    await closed;
  });
  assert.deepEqual(warnings, []);
});

test('a Worker whose maker has posted before carry() hears those messages first', async (t) => {
  const begin = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { way: 'on()', withoutMaking: true, begin };
  const worker = new Worker(fixture('answers.js'), { workerData });
  t.after(() => worker.terminate());
  worker.postMessage('before');
  carry(worker, { contexts: [storageFor('carry.workers')] });
  storageFor('carry.workers').run('store', () => worker.postMessage('after'));
  // Not before: it answers, and may not as long as it has not heard of carry().
  Atomics.store(begin, 0, 1);
  Atomics.notify(begin, 0);
  const seen = await collect(
    (fn) => ofPorts['on()'](worker, fn),
    2,
    (message) => message,
  );
  assert.deepEqual(
    seen.map(({ message, seen: [store] }) => [message, store]),
    [
      ['before', undefined],
      ['after', 'store'],
    ],
  );
});

test('a Worker that posts before it calls carry()', async (t) => {
  const { worker } = carriedWorker(t, 'late.js', undefined, { contexts });
  const received = listen(worker, 2);
  assert.deepEqual(await received, [
    ['ready', undefined],
    ['carried', 'of the worker'],
  ]);
});
