'use strict';

// carry() of a Worker, and of parentPort in it.

const assert = require('node:assert/strict');
const { once, on } = require('node:events');
const { storageFor } = require('../../../contexts.js');
const { carriedWorker, collect } = require('../../helpers/carrying.js');
const { ofEmitters, ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.workers');
const contexts = [storage];

/** A Worker that was made in the scope 'maker'. */
const made = (t, way) =>
  storage.run('maker', () => carriedWorker(t, 'answers.js', { way }, { contexts }));

const answerTo = (message, store) => ({
  message,
  before: undefined,
  made: 'maker',
  seen: [store, store, store],
});

for (const way of Object.keys(ofPorts)) {
  test(`parentPort, ${way}: messages there and back, and the making`, async (t) => {
    const { worker } = made(t, way);
    const answers = collect(
      (fn) => ofEmitters['on()'](worker, fn),
      3,
      (answer) => [answer, storage.getStore()],
    );
    storage.run('one', () => worker.postMessage(1));
    worker.postMessage(2);
    storage.run({ id: 3 }, () => worker.postMessage(3));
    const byMessage = (await answers).sort(([a], [b]) => a.message - b.message);
    assert.deepEqual(byMessage, [
      [answerTo(1, 'one'), 'one'],
      [answerTo(2, undefined), undefined],
      [answerTo(3, { id: 3 }), { id: 3 }],
    ]);
  });
}

for (const [title, listen] of Object.entries(ofEmitters)) {
  test(`Worker, ${title}: an answer arrives in the context of its postMessage()`, async (t) => {
    const { worker } = made(t, 'on()');
    const answers = collect(
      (fn) => listen(worker, fn),
      3,
      ({ message }) => [message, storage.getStore()],
    );
    for (const id of [1, 2, 3]) storage.run({ id }, () => worker.postMessage(id));
    assert.deepEqual(
      (await answers).sort(([a], [b]) => a - b),
      [1, 2, 3].map((id) => [id, { id }]),
    );
  });
}

test('Worker, events.once() and events.on(): the messages', async (t) => {
  const { worker } = made(t, 'on()');
  const first = once(worker, 'message');
  storage.run('one', () => worker.postMessage(1));
  assert.deepEqual(await first, [answerTo(1, 'one')]);
  const rest = on(worker, 'message');
  storage.run('two', () => worker.postMessage(2));
  for await (const [answer] of rest) {
    assert.deepEqual(answer, answerTo(2, 'two'));
    break;
  }
});

test('a Worker runs code in the context of its making, before it listens', async (t) => {
  const { worker } = storage.run({ id: 'maker' }, () =>
    carriedWorker(t, 'making.js', 'data', { contexts }),
  );
  const seen = await collect(
    (fn) => ofEmitters['on()'](worker, fn),
    2,
    (message) => [...message, storage.getStore()],
  );
  assert.deepEqual(seen, [
    ['outside', undefined, undefined],
    ['data', { id: 'maker' }, { id: 'maker' }],
  ]);
});

test('many requests at once see each their own, in the worker and in the answer', async (t) => {
  const workers = [made(t, 'on()'), made(t, 'onmessage')].map(({ worker }) => worker);
  const COUNT = 500;
  const answers = workers.map((worker) =>
    collect(
      (fn) => ofEmitters['on()'](worker, fn),
      COUNT,
      ({ message, seen }) => [message, ...seen, storage.getStore()],
    ),
  );
  for (let i = 0; i < COUNT; i++) {
    storage.run({ request: i }, async () => {
      workers[0].postMessage(i);
      await null;
      workers[1].postMessage(i);
    });
  }
  for (const seen of await Promise.all(answers)) {
    assert.equal(new Set(seen.map(([message]) => message)).size, COUNT);
    for (const [message, ...stores] of seen) {
      assert.deepEqual(stores, Array(4).fill({ request: message }));
    }
  }
});

test('the last messages of a worker that ends arrive in their contexts, before exit', async (t) => {
  const { worker } = carriedWorker(t, 'ends.js', undefined, { contexts });
  const seen = [];
  worker.on('message', (message) => seen.push([message, storage.getStore()]));
  const [code] = await once(worker, 'exit');
  assert.equal(code, 0);
  assert.deepEqual(seen, [
    ['first', 'of the worker'],
    ['last', undefined],
  ]);
});

test('a worker whose port has no listener ends by itself', async (t) => {
  const { worker } = carriedWorker(t, 'ends.js', undefined, { contexts });
  storage.run('store', () => worker.postMessage('that nobody takes'));
  assert.deepEqual(await once(worker, 'exit'), [0]);
});
