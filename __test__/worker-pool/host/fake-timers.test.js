'use strict';

// Pools in a program that replaces timers and clock with fakes that stand still, as tests do:
// everything goes on.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const apis = ['setImmediate', 'setInterval', 'setTimeout', 'Date'];

const processors = {
  'native': undefined,
  'function': fixture('function-echo.js'),
  'docs': fixture('docs-echo.js'),
  'function with fakes of its own': fixture('fake-timers-function.js'),
  'docs with fakes of its own': fixture('fake-timers-docs.js'),
};
const task = { a: 1, b: 2 };

for (const [kind, processor] of Object.entries(processors)) {
  const result = processor === undefined ? 3 : task;

  test(`${kind}: pools work with the fakes of node:test`, async (t) => {
    t.mock.timers.enable({ apis });
    await withPool([2, processor], async (pool) => {
      for (let i = 0; i < 500; i++) assert.deepEqual(await pool.run(task), result);
      for (let i = 0; i < 5; i++) {
        const batch = await Promise.all(Array.from({ length: 100 }, () => pool.run(task)));
        assert.deepEqual(
          batch,
          batch.map(() => result),
        );
      }
      await pool.drain();
      assert.equal(pool.completed, 1000);
    });
  });

  test(`${kind}: pools work when fakes are installed while tasks are outstanding`, async (t) => {
    await withPool([1, processor], async (pool) => {
      assert.deepEqual(await outcomeOf(pool, task), [null, result]);
      const outcomes = Array.from({ length: 100 }, () => outcomeOf(pool, task));
      t.mock.timers.enable({ apis });
      assert.deepEqual(
        await Promise.all(outcomes),
        outcomes.map(() => [null, result]),
      );
      t.mock.timers.reset();
      assert.deepEqual(await outcomeOf(pool, task), [null, result]);
    });
  });
}

// Other libraries replace the globals, including some that node:test leaves alone.
async function underFakes({ file, gateFile, missing, replaced }) {
  const { WorkerPool } = require('async-hooks-rs');
  const outcome = (promise) =>
    promise.then(
      () => 'done',
      ({ code }) => code,
    );
  const never = () => ({ ref() {}, unref() {} });
  for (const name of replaced) globalThis[name] = never;
  performance.now = () => 0;
  Date.now = () => 0;
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const pool = new WorkerPool(2, gateFile, { workerData: { gate }, maxQueue: 1 });
  const codes = [
    outcome(pool.run({ hold: 1 }, { timeout: 20 })),
    outcome(pool.run({})),
    outcome(pool.run({ hold: 1 }, { signal: AbortSignal.abort() })),
    outcome(pool.run(() => {})),
    outcome(pool.run({})),
  ];
  const settled = (await Promise.all(codes)).sort();
  await pool.close();
  settled.push(await outcome(pool.run({})));

  const missed = new WorkerPool(1, missing);
  settled.push(await outcome(missed.run(1)));
  await missed.close();

  // Unused threads still retire.
  const growing = new WorkerPool(2, file, { minThreads: 0, idleTimeout: 1 });
  const destroyed = new Promise((resolve) => {
    growing.once('workerDestroy', resolve);
  });
  settled.push(await outcome(growing.run(1)));
  const { port1, port2 } = new MessageChannel(); // keeps the process alive
  port1.on('message', () => {});
  settled.push(typeof (await destroyed));
  port1.close();
  port2.close();
  await growing.close();
  return settled;
}

test('with fakes of the globals failures are reported, threads retire, pools close', async () => {
  const data = {
    file: fixture('function-echo.js'),
    gateFile: fixture('gate.js'),
    missing: fixture('no-such-file.js'),
    replaced: ['setImmediate', 'setInterval', 'setTimeout', 'clearTimeout', 'clearImmediate'],
  };
  assert.deepEqual(await runProgram(underFakes, { data, timeout: 20_000 }), [
    'ABORT_ERR',
    'ERR_WORKER_POOL_NOT_CLONEABLE',
    'ERR_WORKER_POOL_TASK_TIMEOUT',
    'done',
    'done',
    'ERR_WORKER_POOL_CLOSED',
    'ERR_WORKER_POOL_WORKER_START',
    'done',
    'number',
  ]);
});
