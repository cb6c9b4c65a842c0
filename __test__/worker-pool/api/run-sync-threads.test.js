'use strict';

// Threads that come to nothing while pool.runSync() waits for them: what it cannot hear of, because
// the event loop does not turn.

const assert = require('node:assert/strict');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { runProgram } = require('../../helpers/program.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { errorOf } = require('../../helpers/thrown.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { fixture, turns, withPool } = require('../../helpers/with-pool.js');

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

test('a thread that cannot start fails the call, and what waits; the next one tries again', async (t) => {
  const write = processorFolder(t);
  const processor = write('a.cjs', 'throw new RangeError("at load");');
  await withPool([2, processor], async (pool) => {
    const waits = pool.run(1);
    waits.catch(() => {});
    for (let i = 0; i < 2; i++) {
      const error = errorOf(function userFunction() {
        pool.runSync(1);
      });
      assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
      assert.match(error.cause.message, /at load/);
      assert.match(error.stack, /\n {4}at userFunction /);
    }
    write('a.cjs', 'module.exports = (task) => task;');
    assert.equal(pool.runSync(2), 2);
    await assert.rejects(waits, { code: 'ERR_WORKER_POOL_WORKER_START' });
    assert.deepEqual([pool.completed, pool.failed, pool.running], [1, 3, 0]);
  });
  await withPool([1, file, { minThreads: 0, workerData: () => {} }], (pool) => {
    const error = errorOf(() => pool.runSync(1));
    assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
    assert.equal(error.cause.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
  });
});

for (const tasksPerWorker of [1, 2]) {
  test(`a thread whose aborted tasks have ended may be gone in the next turn: ${tasksPerWorker}`, (t) => {
    const processor = processorFolder(t)(
      'ends.cjs',
      `const turns = require('node:timers/promises').setImmediate;
       let waiting = 0;
       exports.default = (value) => value;
       exports.waits = async (_, { signal }) => {
         waiting++;
         while (!signal.aborted) await turns();
         waiting--;
       };
       exports.exits = async (code) => {
         while (waiting > 0) await turns();
         await turns(); // the pool was told
         process.exit(code);
       };`,
    );
    const options = { minThreads: 0, tasksPerWorker, abortGrace: 60_000 };
    return withPool([1, processor, options], async (pool) => {
      assert.equal(await pool.run(1), 1);
      const aborted = Array.from({ length: tasksPerWorker }, () =>
        pool.run(0, { export: 'waits', timeout: 20 }).catch(({ code }) => code),
      );
      assert.throws(() => pool.runSync(3, { export: 'exits' }), {
        code: 'ERR_WORKER_POOL_WORKER_EXIT',
        exitCode: 3,
      });
      const codes = new Set(await Promise.all(aborted));
      assert.deepEqual([...codes], ['ERR_WORKER_POOL_TASK_TIMEOUT']);
      assert.equal(await pool.run(2), 2);
    });
  });
}

test('what a task has told is heard of, though its thread is gone', async (t) => {
  const processor = processorFolder(t)(
    'tells.cjs',
    `exports.default = (value) => value;
     exports.tells = (values, { progress }) => {
       for (const value of values) progress(value);
       process.exit(3);
     };`,
  );
  const told = [];
  const started = ({ export: name, threadId }) => {
    if (name === 'tells') told.push({ threadId });
  };
  subscribe('async-hooks-rs:pool:start', started);
  t.after(() => unsubscribe('async-hooks-rs:pool:start', started));
  await withPool([1, processor], async (pool) => {
    await pool.ready();
    const [{ id: threadId }] = pool.stats().threads;
    const onProgress = (value) => told.push(value);
    const failed = pool.run([1, 2], { export: 'tells', onProgress });
    failed.catch(({ code }) => told.push(code));
    assert.equal(pool.runSync('next'), 'next');
    assert.deepEqual(told, []);
    await assert.rejects(failed, { code: 'ERR_WORKER_POOL_WORKER_EXIT', exitCode: 3 });
    assert.deepEqual(told, [{ threadId }, 1, 2, 'ERR_WORKER_POOL_WORKER_EXIT']);
    assert.deepEqual([pool.completed, pool.failed], [1, 1]);
  });
});

test('a task beside a call that ends their thread is told after what it has told', async (t) => {
  const processor = processorFolder(t)(
    'beside.cjs',
    `exports.tells = (value, { progress }) => {
       progress(value);
       return new Promise(() => {});
     };
     exports.exits = (code) => process.exit(code);`,
  );
  await withPool([1, processor, { tasksPerWorker: 2 }], async (pool) => {
    await pool.ready();
    const told = [];
    const expected = { code: 'ERR_WORKER_POOL_WORKER_EXIT', exitCode: 3 };
    const onProgress = (value) => told.push(value);
    const beside = pool.run(1, { export: 'tells', onProgress });
    beside.catch(({ code }) => told.push(code));
    assert.throws(() => pool.runSync(3, { export: 'exits' }), expected);
    assert.deepEqual(told, []);
    await assert.rejects(beside, expected);
    assert.deepEqual(told, [1, expected.code]);
  });
});

test('a thread that is gone is not taken for the next one of its number', async (t) => {
  const processor = processorFolder(t)(
    'late.cjs',
    `const { workerData } = require('node:worker_threads');
     if (Atomics.add(workerData, 0, 1) === 2) Atomics.wait(workerData, 1, 0);
     exports.waits = async (_, { signal }) => {
       while (!signal.aborted) await new Promise(setImmediate);
     };
     exports.exits = () => process.exit(3);`,
  );
  const workerData = new Int32Array(new SharedArrayBuffer(8));
  await withPool([2, processor, { abortGrace: 60_000, workerData }], async (pool) => {
    await pool.ready();
    const aborted = pool.run(0, { export: 'waits', key: 'a', timeout: 20 }).catch((error) => error);
    assert.throws(() => pool.runSync(0, { export: 'exits', key: 'a' }), {
      code: 'ERR_WORKER_POOL_WORKER_EXIT',
      exitCode: 3,
    });
    let isReady = false;
    const ready = pool.ready().then(() => {
      isReady = true;
    });
    assert.equal((await aborted).code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
    await turns();
    assert.equal(isReady, false);
    Atomics.store(workerData, 1, 1);
    Atomics.notify(workerData, 1);
    await ready;
  });
});

// The gate opens when the task is submitted: with the first look at the clock while the call waits.
test('the priority of a call counts among the tasks that wait', async () => {
  const program = async ({ file }) => {
    const { hrtime } = process;
    const gate = new Int32Array(new SharedArrayBuffer(8));
    let opens = false;
    process.hrtime = () => {
      if (opens) {
        Atomics.store(gate, 1, 1);
        Atomics.notify(gate, 1);
      }
      return hrtime();
    };
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, file, { workerData: { gate } });
    const turns = [];
    for (const own of [3, -7, undefined]) {
      Atomics.store(gate, 0, 0);
      Atomics.store(gate, 1, 0);
      const held = pool.run(null, { export: 'gated' });
      while (Atomics.load(gate, 0) === 0) await new Promise(setImmediate);
      const submit = (priority) => pool.run(null, { export: 'turn', priority });
      const others = [0, 5, -5].map(submit);
      opens = true;
      const turn = pool.runSync(null, { export: 'turn', priority: own });
      opens = false;
      turns.push([turn, ...(await Promise.all(others))]);
      await held;
    }
    await pool.close();
    return turns;
  };
  // Before each are the others of a higher priority, and those of its own that are older.
  assert.deepEqual(await runProgram(program, { data: { file } }), [
    [2, 3, 1, 4],
    [4, 2, 1, 3],
    [3, 2, 1, 4],
  ]);
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
