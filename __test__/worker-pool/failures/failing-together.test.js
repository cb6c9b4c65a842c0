'use strict';

// Many tasks that fail by one call: all are cancelled before the first callback, and the callbacks
// neither cause stacks to be formatted nor block the event loop.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const COUNT = 3000;

/** Calls `body` and returns the number of stacks formatted meanwhile, and since its promise. */
async function formattedDuring(body) {
  let count = 0;
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (error) => {
    count++;
    return String(error);
  };
  try {
    await body();
  } finally {
    Error.prepareStackTrace = before;
  }
  return count;
}

/** `body(pool, gate)` with a pool of two threads, each of which holds a task. */
async function withBusyPool(options, body) {
  const gate = new Gate();
  await withPool([2, gateFile, { ...options, workerData: gate.workerData }], async (pool) => {
    const held = [1, 2].map((value) => pool.run({ hold: 1, value }).catch(({ code }) => code));
    await gate.reached(2);
    await body(pool, gate, held);
    gate.open();
    await Promise.all(held);
  });
}

const many = (submit) =>
  Array.from({ length: COUNT }, (_, i) =>
    submit(i).then(
      () => 'ran',
      ({ code }) => code,
    ),
  );

const failedWith = (codes, code) => assert.deepEqual([...new Set(codes)], [code]);

test('abort() of one signal starts none of its tasks any more', () =>
  withBusyPool({}, async (pool, gate) => {
    const controller = new AbortController();
    const tasks = many((value) => pool.run({ value }, { signal: controller.signal }));
    const formatted = await formattedDuring(async () => {
      controller.abort(1);
      assert.equal(pool.queueSize, 0);
      gate.open(); // the threads are free from now on
      failedWith(await Promise.all(tasks), 'ABORT_ERR');
    });
    assert.equal(formatted, 0);
    assert.equal(gate.started, 2);
    assert.equal(pool.failed, COUNT);
  }));

test('abort() stops the threads of its running tasks, and leaves the others alone', () =>
  withBusyPool({}, async (pool, gate) => {
    const controller = new AbortController();
    const { signal } = controller;
    const own = pool.run({ value: 'own' });
    const tasks = many((value) => pool.run({ value }, { signal }));
    const after = pool.run({ value: 'after' });
    controller.abort();
    failedWith(await Promise.all(tasks), 'ABORT_ERR');
    gate.open();
    assert.deepEqual(await Promise.all([own, after]), ['own', 'after']);
  }));

test('abort() does not change tasks whose results are on their way', () =>
  withPool([1, fixture('function-echo.js')], async (pool) => {
    const controller = new AbortController();
    const { signal } = controller;
    await pool.run('the thread is ready');
    const tasks = Array.from({ length: 100 }, (_, i) => pool.run(i, { signal }));
    await null; // they go to the thread at the end of the tick
    // This thread hears of no result before its loop turns.
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (pool.running + pool.queueSize > 0) Atomics.wait(cell, 0, 0, 1);
    controller.abort();
    assert.deepEqual(
      await Promise.all(tasks),
      tasks.map((_, i) => i),
    );
    assert.equal(pool.failed, 0);
  }));

test('close() formats one stack for all', () =>
  withBusyPool({}, async (pool) => {
    const tasks = many((value) => pool.run({ value }));
    const formatted = await formattedDuring(async () => {
      const closed = pool.close();
      assert.equal(pool.queueSize, 0);
      await closed;
      assert.equal(pool.failed, COUNT + 2); // close() is fulfilled after all callbacks
    });
    failedWith(await Promise.all(tasks), 'ERR_WORKER_POOL_CLOSED');
    assert.ok(formatted <= 1, `${formatted}`);
  }));

test('refusals format no stack', () =>
  withBusyPool({ maxQueue: 0 }, async (pool) => {
    const formatted = await formattedDuring(async () => {
      failedWith(
        await Promise.all(many((value) => pool.run({ value }))),
        'ERR_WORKER_POOL_QUEUE_FULL',
      );
    });
    assert.equal(formatted, 0);
  }));

test('if no thread can start, every task gets the reason', () =>
  withPool([1, fixture('no-such-file.js')], async (pool) => {
    failedWith(await Promise.all(many(() => pool.run(1))), 'ERR_WORKER_POOL_WORKER_START');
  }));

test('the event loop turns between callbacks, and an error in one stops no other', (t) =>
  withBusyPool({}, async (pool) => {
    const controller = new AbortController();
    const { signal } = controller;
    let told = 0;
    let toldAtTurn;
    const uncaught = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    t.after(() => listeners.forEach((each) => process.on('uncaughtException', each)));
    process.on('uncaughtException', (error) => uncaught.push(error.message));
    await new Promise((resolve) => {
      for (let i = 0; i < COUNT; i++) {
        pool.runTask({}, { signal }, () => {
          if (++told === COUNT) resolve();
          if (i === 10) throw new Error('of a callback');
        });
      }
      controller.abort();
      setImmediate(() => {
        toldAtTurn = told;
      });
    });
    process.removeAllListeners('uncaughtException');
    assert.ok(toldAtTurn > 0 && toldAtTurn < COUNT, `${toldAtTurn}`);
    assert.deepEqual(uncaught, ['of a callback']);
  }));
