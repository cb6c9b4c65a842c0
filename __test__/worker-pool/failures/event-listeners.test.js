'use strict';

// Listeners of the pool's events that throw: their exceptions are uncaught ones, and the pool goes
// on: every task is settled, and threads are replaced.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test, forms } = require('../../helpers/pool-session.js');

async function throwInListeners({ processor, event, options }) {
  const { WorkerPool } = require('async-hooks-rs');
  const { until } = require('./__test__/helpers/with-pool.js');
  const pool = new WorkerPool(2, processor, options);
  const seen = { heard: 0, caught: 0, other: [], calls: Array(20).fill(0) };
  process.on('uncaughtException', ({ message }) => {
    if (message === 'thrown by a listener') seen.caught++;
    else seen.other.push(message);
  });
  if (event !== 'error') pool.on('error', () => {});
  let ended = 0;
  pool.on('workerDestroy', () => ended++);
  pool.on(event, () => {
    seen.heard++;
    throw new Error('thrown by a listener');
  });
  const tasks = seen.calls.map(
    (_, i) =>
      new Promise((resolve) => {
        let task = { action: 'add', a: i, b: 1 };
        if (i === 5) task = { action: 'exit', code: 1 };
        if (i === 6) task = { action: 'replyThenThrow' };
        if (i === 7) task = { action: 'post', values: [1] };
        pool.runTask(task, () => {
          seen.calls[i]++;
          resolve();
        });
      }),
  );
  await Promise.all(tasks);
  // Until the last dying worker takes no task any more; then all is as at the beginning.
  await until(() => (options.minThreads === 0 ? pool.numThreads === 0 : ended === 2));
  const more = Array.from({ length: 40 }, (_, i) => pool.run({ action: 'add', a: i, b: 1 }));
  seen.more = await Promise.all(more);
  await pool.drain();
  seen.threads = pool.numThreads;
  await pool.close();
  return seen;
}

for (const [form, processor] of forms('failures')) {
  for (const event of ['workerCreate', 'workerDestroy', 'error', 'message', 'drain']) {
    for (const options of [{}, { minThreads: 0, idleTimeout: 0 }]) {
      const title = options.minThreads === 0 ? ', threads come and go' : '';
      test(`listeners of '${event}' throw, ${form}${title}`, async () => {
        const data = { processor, event, options };
        const seen = await runProgram(throwInListeners, { data, timeout: 30_000 });
        assert.deepEqual(seen.calls, Array(20).fill(1));
        assert.deepEqual(
          seen.more,
          seen.more.map((_, i) => i + 1),
        );
        // A thread that ends because it is idle may end before it throws.
        if (event !== 'error' || options.minThreads === undefined) assert.ok(seen.heard > 0);
        assert.equal(seen.caught, seen.heard);
        assert.deepEqual(seen.other, []);
        if (options.minThreads === undefined) assert.equal(seen.threads, 2);
      });
    }
  }
}
