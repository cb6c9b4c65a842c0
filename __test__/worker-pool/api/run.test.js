'use strict';

// run(): a promise for each task.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

test('run() returns a native Promise of the result', async () => {
  await withPool([1], async (pool) => {
    const promise = pool.run({ a: 42, b: 100 });
    assert.equal(Object.getPrototypeOf(promise), Promise.prototype);
    assert.equal(await promise, 142);
  });
});

test('each promise has the result of its own task', async () => {
  await withPool([2, echo], async (pool) => {
    const tasks = Array.from({ length: 5000 }, (_, id) => ({ id, name: `task ${id}` }));
    assert.deepEqual(await Promise.all(tasks.map((task) => pool.run(task))), tasks);
  });
});

test('run() and runTask() share one queue, in the order of submission', async () => {
  await withPool([1, echo], async (pool) => {
    const order = [];
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0
          ? pool.run(i).then((result) => order.push(result))
          : new Promise((resolve) => pool.runTask(i, (err, result) => resolve(order.push(result)))),
      ),
    );
    // A promise's reaction runs a little later than a callback of the same batch.
    const even = order.filter((i) => i % 2 === 0);
    const odd = order.filter((i) => i % 2 === 1);
    assert.deepEqual(
      even,
      Array.from({ length: 50 }, (_, i) => 2 * i),
    );
    assert.deepEqual(
      odd,
      Array.from({ length: 50 }, (_, i) => 2 * i + 1),
    );
  });
});

const codeOf = (promise) =>
  promise.then(
    () => 'none',
    (error) => error.code,
  );

test('run() rejects with the error of the task', async () => {
  await withPool([1, echo], async (pool) => {
    assert.deepEqual(
      await Promise.all([
        codeOf(pool.run(1, { signal: AbortSignal.abort() })),
        codeOf(pool.run(() => {})),
        codeOf(pool.run(2)),
      ]),
      ['ABORT_ERR', 'ERR_WORKER_POOL_NOT_CLONEABLE', 'none'],
    );
    await pool.close();
    assert.equal(await codeOf(pool.run(3)), 'ERR_WORKER_POOL_CLOSED');
  });
});

test('run() rejects when the queue is full', async () => {
  const gate = new Gate();
  const options = { maxQueue: 0, workerData: gate.workerData };
  await withPool([1, gateFile, options], async (pool) => {
    const first = pool.run({ hold: 1, value: 'first' });
    await gate.reached(1);
    assert.equal(await codeOf(pool.run({ value: 1 })), 'ERR_WORKER_POOL_QUEUE_FULL');
    gate.open();
    assert.equal(await first, 'first');
  });
});

test('the promise of a successful task may be ignored', async () => {
  await withPool([1, echo], async (pool) => {
    for (let i = 0; i < 10; i++) pool.run(i);
    await pool.drain();
    assert.equal(pool.completed, 10);
  });
});

test('an unhandled rejection is an unhandled rejection of the program', async () => {
  await withPool([1], async (pool) => {
    const seen = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => seen.push(reason.code));
    try {
      pool.run({ a: 1 });
      pool.run({ a: 1, b: 2 });
      await pool.drain();
      await turns();
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
    assert.deepEqual(seen, ['ERR_WORKER_POOL_NATIVE_TASK']);
  });
});

test('a then() in the result is not called', async () => {
  await withPool([1, echo], async (pool) => {
    // A function cannot be cloned, but a property called then may still exist.
    assert.deepEqual(await pool.run({ then: 5 }), { then: 5 });
  });
});
