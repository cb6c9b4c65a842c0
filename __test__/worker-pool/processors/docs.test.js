'use strict';

// Unmodified processor files in the form of the documentation: every way to listen and to reply.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, messages } = require('../../helpers/with-pool.js');
const { Gate } = require('../../helpers/pool-gate.js');

const test = poolSuite();

const files = {
  'the file of the documentation, CommonJS': 'docs-task-processor.js',
  'the file of the documentation, ES module': 'docs-task-processor.mjs',
  'on(), addListener()': 'docs-add-listener.js',
  'once(), again for each task': 'docs-once.js',
  'addEventListener()': 'docs-event-target.js',
  'addEventListener() with { once: true }, again for each task': 'docs-event-target-once.js',
  'addEventListener() with an object': 'docs-event-listener-object.js',
  'onmessage': 'docs-onmessage.js',
  'an async function as the listener': 'docs-async-listener.mjs',
  'a reply from setTimeout()': 'docs-reply-later.js',
  'a reply from setImmediate(), nextTick(), a promise in turn': 'docs-reply-ways.js',
  'postMessage() taken out of parentPort': 'docs-bound-post.js',
  'a listener attached after an await': 'docs-listen-late.mjs',
  'a listener attached by a timer': 'docs-listen-timer.js',
  'for await over events.on()': 'docs-events-on.mjs',
  'for await over events.on(), at the top level': 'docs-events-on-top-level.mjs',
  'a listener, and then an await that never ends': 'docs-listen-await.mjs',
  'events.once(), again for each task': 'docs-events-once.mjs',
};

for (const [title, file] of Object.entries(files)) {
  test(`${title}: each task gets its result, together with others and one by one`, async () => {
    await withPool([2, fixture(file)], async (pool) => {
      const tasks = Array.from({ length: 40 }, (_, i) => ({ a: i, b: 100 }));
      const outcomes = await Promise.all(tasks.map((task) => outcomeOf(pool, task)));
      assert.deepEqual(
        outcomes,
        tasks.map(({ a, b }) => [null, a + b]),
      );
      for (let i = 0; i < 5; i++) assert.equal(await pool.run({ a: i, b: 0.5 }), i + 0.5);
      assert.deepEqual([pool.completed, pool.failed], [45, 0]);
    });
  });
}

test('a worker that listens with once() takes one task', async () => {
  await withPool([2, fixture('docs-once-only.js')], async (pool) => {
    const threads = await Promise.all(Array.from({ length: 6 }, () => pool.run(null)));
    assert.equal(new Set(threads).size, 6);
    assert.deepEqual([pool.completed, pool.failed], [6, 0]);
  });
});

test('a listener that is removed takes no more tasks', async () => {
  await withPool([1, fixture('docs-remove-listener.js')], async (pool) => {
    // Each worker takes two tasks, then removes its listener and ends.
    const threads = await Promise.all(Array.from({ length: 6 }, () => pool.run(null)));
    const counts = new Map();
    for (const thread of threads) counts.set(thread, (counts.get(thread) ?? 0) + 1);
    assert.deepEqual([...counts.values()], [2, 2, 2]);
  });
});

test('several listeners see every task; the first reply counts', async () => {
  await withPool([1, fixture('docs-two-listeners.js')], async (pool) => {
    const { enough } = messages(pool, 3);
    assert.deepEqual(await Promise.all([pool.run(1), pool.run(2), pool.run(3)]), [
      'first 1',
      'first 2',
      'first 3',
    ]);
    assert.deepEqual(await enough, ['second 1', 'second 2', 'second 3']);
  });
});

test('events are MessageEvents whose target is parentPort', async () => {
  await withPool([1, fixture('docs-event-shape.js')], async (pool) => {
    assert.deepEqual(await pool.run({ x: 1 }), {
      data: { x: 1 },
      type: 'message',
      messageEvent: true,
      target: true,
      thisIsPort: true,
      ports: [],
    });
  });
});

test('a listener of on() is called with the value only, on parentPort', async () => {
  await withPool([1, fixture('docs-listener-arguments.js')], async (pool) => {
    assert.deepEqual(await pool.run('task'), { args: ['task'], thisIsPort: true });
  });
});

test('each task gets its own reply, whichever worker is first', async () => {
  const gate = new Gate();
  const options = { workerData: gate.workerData };
  await withPool([2, fixture('docs-gate.js'), options], async (pool) => {
    const order = [];
    const submit = (task) => pool.run(task).then((value) => order.push(value));
    const held = submit({ hold: 1, value: 'held' });
    await gate.reached(1);
    await Promise.all([1, 2, 3].map((value) => submit({ value })));
    gate.open();
    await held;
    assert.deepEqual(order, [1, 2, 3, 'held']);
  });
});

test('after parentPort.close() a worker takes no more tasks, and none is lost', async () => {
  await withPool([2, fixture('docs-close.js')], async (pool) => {
    const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => pool.run(i)));
    assert.deepEqual(
      replies.map(({ task }) => task),
      replies.map((_, i) => i),
    );
    assert.equal(new Set(replies.map(({ threadId }) => threadId)).size, 12);
    assert.deepEqual([pool.completed, pool.failed], [12, 0]);
  });
});
