'use strict';

// Each message of a port arrives in the context of its postMessage(), however it is listened to.

const assert = require('node:assert/strict');
const { once, on } = require('node:events');
const { storageFor } = require('../../../contexts.js');
const { carriedChannel, collect } = require('../../helpers/carrying.js');
const { ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.listeners');
const contexts = [storage];

const channel = (t) => storage.run('maker', () => carriedChannel(t, { contexts }));

/** Posts in several contexts, and in none. */
function postAll(port) {
  storage.run('one', () => port.postMessage(1));
  storage.run({ id: 2 }, () => port.postMessage('two'));
  port.postMessage({ three: 3 });
  storage.run('one', () => port.postMessage(null));
}

const EXPECTED = [
  [1, 'one'],
  ['two', { id: 2 }],
  [{ three: 3 }, undefined],
  [null, 'one'],
];

for (const [title, listen] of Object.entries(ofPorts)) {
  test(`${title}: a message arrives in the context of its postMessage()`, async (t) => {
    const { port1, port2 } = channel(t);
    const seen = storage.run('listener', () =>
      collect(
        (fn) => listen(port2, fn),
        EXPECTED.length,
        (message) => [message, storage.getStore()],
      ),
    );
    postAll(port1);
    assert.deepEqual(await seen, EXPECTED);
  });

  test(`${title}: what the listener starts goes on in that context`, async (t) => {
    const { port1, port2 } = channel(t);
    const ended = [];
    const seen = collect(
      (fn) => listen(port2, fn),
      EXPECTED.length,
      (message) => {
        ended.push(
          (async () => {
            await null;
            const after = [storage.getStore()];
            await new Promise((resolve) => setImmediate(resolve));
            return [message, ...after, storage.getStore()];
          })(),
        );
      },
    );
    postAll(port1);
    await seen;
    assert.deepEqual(
      await Promise.all(ended),
      EXPECTED.map(([message, store]) => [message, store, store]),
    );
  });

  test(`${title}: a listener that was removed hears nothing`, async (t) => {
    const { port1, port2 } = channel(t);
    const heard = [];
    const stop = listen(port2, (message) => heard.push(message));
    stop();
    const other = collect(
      (fn) => ofPorts['on()'](port2, fn),
      EXPECTED.length,
      () => storage.getStore(),
    );
    postAll(port1);
    assert.deepEqual(
      await other,
      EXPECTED.map(([, store]) => store),
    );
    assert.deepEqual(heard, []);
  });
}

test('all listeners of a port get the same message, in the order in which they came', async (t) => {
  const { port1, port2 } = channel(t);
  const seen = [];
  const see = (name) => (message) => seen.push([name, message, storage.getStore()]);
  port2.on('message', see('first'));
  port2.addEventListener('message', ({ data }) => see('second')(data));
  const last = collect((fn) => ofPorts['on()'](port2, fn), 1, see('third'));
  const message = { id: 1 };
  storage.run('store', () => port1.postMessage(message));
  await last;
  assert.deepEqual(
    seen.map(([name, , store]) => [name, store]),
    [
      ['first', 'store'],
      ['second', 'store'],
      ['third', 'store'],
    ],
  );
  assert.deepEqual(seen[0][1], message);
  assert.equal(seen[0][1], seen[1][1]);
  assert.equal(seen[0][1], seen[2][1]);
});

test('events.once(): the message; the context goes on to be that of the await', async (t) => {
  const { port1, port2 } = channel(t);
  await storage.run('waits', async () => {
    const received = once(port2, 'message');
    storage.run('store', () => port1.postMessage('message'));
    const [message] = await received;
    assert.equal(message.data ?? message, 'message'); // Node has the value, others the event
    assert.equal(storage.getStore(), 'waits');
  });
});

test('events.on(): the messages; the context goes on to be that of the loop', async (t) => {
  const { port1, port2 } = channel(t);
  await storage.run('waits', async () => {
    const received = on(port2, 'message');
    port2.start?.();
    postAll(port1);
    const seen = [];
    for await (const [message] of received) {
      seen.push(message?.data ?? message);
      assert.equal(storage.getStore(), 'waits');
      if (seen.length === EXPECTED.length) break;
    }
    assert.deepEqual(
      seen,
      EXPECTED.map(([message]) => message),
    );
  });
});

test('a port starts with its first listener and stops with its last one, as any port', async (t) => {
  const { port1, port2 } = channel(t);
  storage.run('early', () => port1.postMessage('kept'));
  const first = await collect(
    (fn) => ofPorts['on()'](port2, fn),
    1,
    (message) => [message, storage.getStore()],
  );
  storage.run('late', () => port1.postMessage('kept, too'));
  const second = await collect(
    (fn) => ofPorts['on()'](port2, fn),
    1,
    (message) => [message, storage.getStore()],
  );
  assert.deepEqual(
    [...first, ...second],
    [
      ['kept', 'early'],
      ['kept, too', 'late'],
    ],
  );
});
