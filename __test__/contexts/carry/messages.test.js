'use strict';

// What carry() makes of messages: their values, their transfer lists, and several contexts at once.

const assert = require('node:assert/strict');
const { MessageChannel, MessagePort } = require('node:worker_threads');
const { carry, storageFor } = require('../../../contexts.js');
const { carriedChannel, collect } = require('../../helpers/carrying.js');
const { ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.messages');
const contexts = [storage];

const next = (port, see = (message) => [message, storage.getStore()]) =>
  collect((fn) => ofPorts['on()'](port, fn), 1, see).then(([seen]) => seen);

const stores = [undefined, null, 0, '', false, 1n, 'text', [1, [2]], { a: { b: 1 } }].map(
  (store) => ({ store }),
);
stores.push(
  { store: new Map([['key', new Set([1])]]) },
  { store: new Date(0) },
  { store: new Uint8Array([1, 2]) },
  { store: new RangeError('message') },
);

test('any store that can be cloned arrives as a copy', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  for (const { store } of stores) {
    const received = next(port2);
    storage.run(store, () => port1.postMessage('message'));
    const [message, seen] = await received;
    assert.equal(message, 'message');
    assert.deepEqual(seen, store);
    if (Object(store) === store) assert.notEqual(seen, store);
  }
});

test('the store is copied when the message is posted', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  const store = { count: 1 };
  const received = next(port2);
  storage.run(store, () => port1.postMessage('message'));
  store.count++;
  assert.deepEqual(await received, ['message', { count: 1 }]);
});

test('an array of things to transfer, and an object with one', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  for (const asOptions of [false, true]) {
    const buffer = new ArrayBuffer(8);
    const { port1: sent, port2: kept } = new MessageChannel();
    t.after(() => kept.close());
    const received = next(port2);
    const list = [buffer, sent];
    storage.run('store', () =>
      port1.postMessage({ buffer, sent }, asOptions ? { transfer: list } : list),
    );
    assert.equal(buffer.byteLength, 0);
    const [message, seen] = await received;
    assert.equal(seen, 'store');
    assert.equal(message.buffer.byteLength, 8);
    assert.ok(message.sent instanceof MessagePort);
    const echoed = next(kept);
    message.sent.postMessage('over the port that was sent');
    assert.equal((await echoed)[0], 'over the port that was sent');
  }
});

test('an event has the ports that were transferred', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  const { port1: sent, port2: kept } = new MessageChannel();
  t.after(() => kept.close());
  const received = new Promise((resolve) => {
    port2.addEventListener('message', resolve, { once: true });
    port2.start();
  });
  storage.run('store', () => port1.postMessage({ sent }, [sent]));
  const { data, ports, type } = await received;
  assert.equal(type, 'message');
  assert.deepEqual([...ports], [data.sent]);
});

test('shared memory stays shared', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const received = next(port2);
  storage.run({ shared }, () => port1.postMessage(shared));
  const [message, store] = await received;
  message[0] = 1;
  store.shared[0]++;
  assert.equal(shared[0], 2);
});

test('an answer posted by a listener is posted in the context of the message', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  port2.on('message', (message) => port2.postMessage(`answer to ${message}`));
  const answers = collect(
    (fn) => ofPorts['on()'](port1, fn),
    20,
    (message) => [message, storage.getStore()],
  );
  const ids = Array.from({ length: 20 }, (_, i) => i);
  for (const id of ids) storage.run({ id }, () => port1.postMessage(id));
  assert.deepEqual(
    await answers,
    ids.map((id) => [`answer to ${id}`, { id }]),
  );
});

test('several contexts travel, each or none of them', async (t) => {
  const other = storageFor('carry.messages.other');
  const { port1, port2 } = carriedChannel(t, { contexts: [storage, other] });
  const see = () => [storage.getStore(), other.getStore()];
  const seen = collect((fn) => ofPorts['on()'](port2, fn), 4, see);
  storage.run('a', () => other.run('b', () => port1.postMessage(1)));
  storage.run('c', () => port1.postMessage(2));
  other.run('d', () => port1.postMessage(3));
  port1.postMessage(4);
  assert.deepEqual(await seen, [
    ['a', 'b'],
    ['c', undefined],
    [undefined, 'd'],
    [undefined, undefined],
  ]);
});

test('serialize() and deserialize() of a storage', async (t) => {
  class User {
    constructor(id) {
      this.id = id;
    }
  }
  const users = storageFor('carry.messages.users', {
    serialize: (user) => user.id,
    deserialize: (id) => new User(id),
  });
  const { port1, port2 } = carriedChannel(t, { contexts: [users] });
  const received = next(port2, () => users.getStore());
  users.run(new User(5), () => port1.postMessage(1));
  const user = await received;
  assert.ok(user instanceof User);
  assert.equal(user.id, 5);
});

test('a carrier is entered around the listeners, and exited for a message without', async (t) => {
  const current = storageFor('carry.messages.behind');
  const carrier = {
    name: 'carry.messages.carrier',
    capture: () => current.getStore(),
    enter: (value, fn) => current.run(`entered ${value}`, fn),
    exit: (fn) => current.run('exited', fn),
  };
  const { port1, port2 } = carriedChannel(t, { contexts: [carrier] });
  const seen = collect(
    (fn) => ofPorts['on()'](port2, fn),
    2,
    () => current.getStore(),
  );
  current.run('value', () => port1.postMessage(1));
  port1.postMessage(2);
  assert.deepEqual(await seen, ['entered value', 'exited']);
});

test('an end without a list posts what the other end has listed', async (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  carry(port1, { contexts });
  carry(port2);
  port2.on('message', (message) => port2.postMessage(message));
  const received = next(port1);
  storage.run('store', () => port1.postMessage('there and back'));
  assert.deepEqual(await received, ['there and back', 'store']);
});

test('an end that lists no context posts none', async (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  carry(port1, { contexts });
  carry(port2, { contexts: [] });
  port2.on('message', (message) => port2.postMessage(message));
  const received = next(port1);
  storage.run('store', () => port1.postMessage('there and back'));
  assert.deepEqual(await received, ['there and back', undefined]);
});

test('called again, carry() adds contexts, for both ends', async (t) => {
  const added = storageFor('carry.messages.added');
  const { port1, port2 } = carriedChannel(t, { contexts });
  carry(port1, { contexts: [added] });
  const received = next(port2, () => [storage.getStore(), added.getStore()]);
  storage.run('a', () => added.run('b', () => port1.postMessage(1)));
  assert.deepEqual(await received, ['a', 'b']);
});

test('postMessage() looks as it did', (t) => {
  const { port1 } = carriedChannel(t, { contexts });
  assert.equal(port1.postMessage.name, 'postMessage');
  assert.deepEqual(Object.keys(port1), Object.keys(new MessageChannel().port1));
});
