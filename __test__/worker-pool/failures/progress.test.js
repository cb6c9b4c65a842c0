'use strict';

// Progress of tasks that fail, of callbacks that throw, and for an owner that does not look.

const assert = require('node:assert/strict');
const { poolTest, test, fixture } = require('../../helpers/pool-session.js');
const { runProgram } = require('../../helpers/program.js');
const { turns } = require('../../helpers/with-pool.js');
const { thrown, typeError } = require('../../helpers/thrown.js');
const { SMALL, PRIMES_OF_SMALL, progressOf } = require('../../helpers/primes.js');

const native = { native: 'primes' };
const LONG = 4e9; // takes seconds and reports each percent
const ENDLESS = 1e12; // takes an hour

test('what onProgress throws is an uncaught exception, and the task goes on', async () => {
  const data = { limit: SMALL, reports: progressOf(SMALL).length };
  const { caught, outcomes } = await runProgram(
    async ({ limit }) => {
      const { AsyncLocalStorage, WorkerPool } = require('async-hooks-rs');
      const storage = new AsyncLocalStorage();
      const pool = new WorkerPool(2, { native: 'primes' });
      const errors = [];
      process.on('uncaughtException', (error) => errors.push(error.message));
      const ends = await Promise.all(
        [1, 2, 3].map((i) =>
          storage.run(i, () => {
            const wrong = [];
            return new Promise((resolve) =>
              pool.runTask(
                { limit },
                {
                  onProgress() {
                    if (storage.getStore() !== i) wrong.push(storage.getStore());
                    throw new Error('thrown by onProgress');
                  },
                },
                (error, result) => resolve([error, result, storage.getStore(), wrong]),
              ),
            );
          }),
        ),
      );
      await pool.close();
      return { caught: errors, outcomes: ends };
    },
    { data },
  );
  assert.deepEqual(caught, Array(3 * data.reports).fill('thrown by onProgress'));
  assert.deepEqual(
    outcomes,
    [1, 2, 3].map((i) => [null, PRIMES_OF_SMALL, i, []]),
  );
});

poolTest('an abort by onProgress ends progress and the thread', {}, async ({ open, submit }) => {
  const pool = open(1, native);
  const controller = new AbortController();
  const values = [];
  const onProgress = (value) => {
    values.push(value);
    controller.abort();
  };
  const { signal } = controller;
  const { error } = await submit(pool, { limit: LONG }, { signal, onProgress });
  assert.equal(error.code, 'ABORT_ERR');
  await pool.close(); // waits for the thread, which would take seconds for the rest
  await turns();
  assert.equal(values.length, 1);
});

poolTest('close() ends progress, and an endless task', {}, async ({ open, submit }) => {
  const pool = open(1, native);
  let calls = 0;
  let closed;
  const onProgress = () => {
    calls++;
    closed = pool.close();
  };
  const { error } = await submit(pool, { limit: ENDLESS }, { onProgress });
  assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
  await closed;
  await turns();
  assert.equal(calls, 1);
});

poolTest('a timeout ends progress, and the thread', {}, async ({ open, submit }) => {
  const pool = open(1, native);
  let settled = false;
  const onProgress = () => assert.equal(settled, false);
  const { error } = await submit(pool, { limit: ENDLESS }, { timeout: 50, onProgress });
  settled = true;
  assert.equal(error.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
  await pool.close();
  await turns();
});

poolTest(
  'what was on its way when a task was aborted reaches no task',
  {},
  async ({ open, submit }) => {
    const pool = open(2, native);
    const controller = new AbortController();
    const { signal } = controller;
    const never = () => assert.fail('it was aborted');
    const first = submit(pool, { limit: 1e9 }, { signal, onProgress: never });
    const second = submit(pool, { limit: 6e7 });
    await null; // both are handed over
    // While this thread waits, the first task reports, and nothing is delivered.
    while (pool.queueSize > 0 || pool.running > 1);
    controller.abort();
    // It gets the id of the first one.
    const values = [];
    const third = submit(pool, { limit: SMALL }, { onProgress: (value) => values.push(value) });
    assert.equal((await first).error.code, 'ABORT_ERR');
    assert.equal((await second).error, null);
    assert.equal((await third).result, PRIMES_OF_SMALL);
    assert.deepEqual(values, progressOf(SMALL));
  },
);

for (const [count, title] of [
  [1024, 'an owner that does not look misses nothing'],
  [3000, 'of many more values, it gets the first ones and the last'],
]) {
  poolTest(title, {}, async ({ open, submit }) => {
    const pool = open(1, fixture('function-info.js'));
    await submit(pool, { action: 'thread' });
    const all = Array.from({ length: count }, (_, i) => i);
    const values = [];
    const task = { action: 'progress', value: all };
    const done = submit(pool, task, { onProgress: (value) => values.push(value) });
    while (pool.queueSize > 0 || pool.running > 0);
    assert.deepEqual(values, []);
    assert.equal((await done).result, count);
    assert.deepEqual(values, [...all.slice(0, 1023), count - 1]);
  });
}

poolTest('a task that the processor refuses reports nothing', {}, async ({ open, submit }) => {
  const onProgress = () => assert.fail('there is none');
  const { error } = await submit(open(1, native), { limit: -1 }, { onProgress });
  assert.equal(error.code, 'ERR_WORKER_POOL_NATIVE_TASK');
  // `add` has none to report.
  assert.equal((await submit(open(1), { a: 1, b: 2 }, { onProgress })).result, 3);
});

test('a Worker whose pool reports may end, and so may the process', async () => {
  const exits = await runProgram(
    async ({ limit }) => {
      const { once } = require('node:events');
      const { Worker } = require('node:worker_threads');
      const source = (ending) => `
      const { parentPort } = require('node:worker_threads');
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(2, { native: 'primes' });
      for (let i = 0; i < 2; i++) {
        pool.runTask({ limit: ${limit} }, { onProgress() { ${ending} } }, () => {});
      }`;
      const codes = [];
      for (const ending of ["parentPort.postMessage('told')", 'process.exit(7)']) {
        const worker = new Worker(source(ending), { eval: true });
        worker.on('message', () => worker.terminate());
        codes.push((await once(worker, 'exit'))[0]);
      }
      return codes;
    },
    { data: { limit: LONG } },
  );
  assert.deepEqual(exits, [1, 7]);
});

poolTest('onProgress has to be a function', {}, async ({ open }) => {
  const callback = () => assert.fail('it was not submitted');
  for (const onProgress of [null, 1, 'text', {}]) {
    const { code } = thrown(() => open(1, native).runTask({ limit: 1 }, { onProgress }, callback));
    assert.equal(code, typeError('', 'ERR_INVALID_ARG_TYPE').code);
  }
  const pool = open(1, fixture('function-echo.js'));
  assert.equal(await pool.run(1, { onProgress: undefined }), 1);
  const inherited = Object.create({ onProgress: null });
  assert.equal(await pool.run(2, inherited), 2);
});
