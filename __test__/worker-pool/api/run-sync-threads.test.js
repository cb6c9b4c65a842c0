'use strict';

// Threads that come to nothing while pool.runSync() waits for them: what it cannot hear of, because
// the event loop does not turn.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('run-sync-actions.js');

test('a thread without memory fails its task, and is replaced', () => {
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  return withPool([1, file, { resourceLimits }], async (pool) => {
    assert.throws(() => pool.runSync(null, { export: 'grows' }), {
      code: 'ERR_WORKER_POOL_WORKER_EXIT',
      exitCode: 1,
    });
    assert.equal(pool.runSync('next'), 'next');
    assert.deepEqual([pool.numThreads, pool.failed], [1, 1]);
  });
});

// That takes seconds, so the clock of the program is fast: 50 ms for each look at it. For as many
// looks there are reports by the other thread.
test('a thread that does not come to its program is given up', async () => {
  const looks = 300;
  const program = async (data) => {
    const { hrtime } = process;
    const gate = new Int32Array(new SharedArrayBuffer(8));
    let isFast = false;
    let ahead = 0;
    process.hrtime = () => {
      if (isFast) ahead += 50;
      if (isFast) Atomics.add(gate, 0, 1);
      const [seconds, nanoseconds] = hrtime();
      const time = seconds * 1e3 + nanoseconds / 1e6 + ahead;
      return [Math.floor(time / 1e3), (time % 1e3) * 1e6];
    };
    const { WorkerPool } = require('async-hooks-rs');
    const execArgv = ['--require', data.preload];
    const pool = new WorkerPool(2, data.file, { execArgv, workerData: { gate } });
    const ended = [];
    pool.on('workerDestroy', (id) => ended.push(id));
    const ready = pool.ready().catch(({ code, cause }) => [code, cause.code, cause.message]);
    await pool.run('the first thread takes tasks');
    const reports = pool.run(data.looks, { export: 'reports', onProgress() {} });
    isFast = true;
    const result = pool.runSync('own');
    isFast = false;
    await reports;
    const reason = await ready;
    await new Promise(setImmediate);
    const given = [...ended];
    await pool.close();
    return { result, reason, given };
  };
  const data = { file, preload: fixture('run-sync-preload.js'), looks };
  const { result, reason, given } = await runProgram(program, { data });
  assert.equal(result, 'own');
  assert.deepEqual(reason.slice(0, 2), [
    'ERR_WORKER_POOL_WORKER_START',
    'ERR_WORKER_POOL_WORKER_START',
  ]);
  assert.match(reason[2], /no worker has begun/);
  assert.deepEqual(given, [2]);
});
