'use strict';

// Pools in a Worker, and in a worker of another pool.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const inner = fixture('run-inner-pool.js');

test('a pool works in a Worker', async () => {
  const worker = new Worker(fixture('run-pool-owner.js'), { workerData: { count: 1000 } });
  const [[report], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  assert.deepEqual(report, { native: 499_500, functions: 499_500, closed: [0, 0] });
  assert.equal(code, 0);
});

test('pools work in four Workers and in the main thread at the same time', async () => {
  const workers = [1, 2, 3, 4].map(
    () => new Worker(fixture('run-pool-owner.js'), { workerData: { count: 300 } }),
  );
  const reports = workers.map(async (worker) => {
    const [[report], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return { ...report, code };
  });
  await withPool([1], async (pool) => {
    const results = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => pool.run({ a: i, b: 1 })),
    );
    assert.deepEqual(
      results,
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
  });
  for (const report of await Promise.all(reports)) {
    assert.deepEqual(report, { native: 44_850, functions: 44_850, closed: [0, 0], code: 0 });
  }
});

test('each worker of a pool may have a pool', async () => {
  await withPool([2, inner], async (pool) => {
    const tasks = Array.from({ length: 50 }, (_, i) => ({ from: i, count: 10 }));
    const sums = await Promise.all(tasks.map((task) => pool.run(task)));
    assert.deepEqual(
      sums,
      tasks.map(({ from }) => 10 * from + 45),
    );
  });
});

test('a Worker that owns an idle pool ends by itself, and so does the process', async () => {
  const code = await runProgram(
    async ({ file }) => {
      const { once: next } = require('node:events');
      const { Worker: Thread } = require('node:worker_threads');
      const { WorkerPool } = require('async-hooks-rs');
      const worker = new Thread(file, { workerData: { count: 10, leaveOpen: true } });
      const exit = next(worker, 'exit');
      await next(worker, 'message');
      const pool = new WorkerPool(2);
      await pool.run({ a: 1, b: 2 });
      return (await exit)[0]; // and this pool stays open
    },
    { data: { file: fixture('run-pool-owner.js') } },
  );
  assert.equal(code, 0);
});
