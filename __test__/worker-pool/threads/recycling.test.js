'use strict';

// Threads that are replaced: after so many tasks, with too much memory, on demand. No task is lost,
// none waits for a thread that could have taken it, and no more run at once than otherwise.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, until } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const actions = fixture('recycling-actions.js');
const docs = fixture('events-thread-id.js');

const list = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const distinct = (values) => new Set(values).size;

/** How many threads have been started, and have ended. */
function watch(pool) {
  const seen = { created: 0, destroyed: 0 };
  pool.on('workerCreate', () => seen.created++);
  pool.on('workerDestroy', () => seen.destroyed++);
  return seen;
}

test('a thread runs maxTasksPerWorker tasks', async () => {
  await withPool([2, actions, { maxTasksPerWorker: 3 }], async (pool) => {
    const results = await Promise.all(list(20, () => pool.run({})));
    const counts = new Map();
    for (const { threadId } of results) counts.set(threadId, (counts.get(threadId) ?? 0) + 1);
    for (const [id, count] of counts) assert.ok(count <= 3, `${count} tasks on thread ${id}`);
    assert.ok(counts.size >= 7);
    assert.equal(pool.completed, 20);
  });
});

test('the successor starts during the last task, and waits for its end', async () => {
  const gate = new Gate();
  const options = { maxTasksPerWorker: 1, workerData: gate.workerData };
  await withPool([1, gateFile, options], async (pool) => {
    const seen = watch(pool);
    const tasks = [pool.run({ hold: 1, value: 1 }), pool.run({ hold: 2, value: 2 })];
    await gate.reached(1);
    await until(() => seen.created === 2);
    assert.deepEqual([pool.numThreads, pool.running, pool.queueSize], [1, 1, 1]);
    assert.equal(seen.destroyed, 0);
    gate.open(1);
    assert.equal(await tasks[0], 1);
    await gate.reached(2);
    await until(() => seen.created === 3);
    assert.equal(pool.running, 1);
    gate.open(2);
    assert.equal(await tasks[1], 2);
  });
});

test('isolate: each task has a thread of its own', async () => {
  for (const processor of [actions, docs]) {
    await withPool([2, processor, { isolate: true }], async (pool) => {
      const results = await Promise.all(list(6, () => pool.run({})));
      assert.equal(distinct(results.map((result) => result.threadId ?? result)), 6);
    });
  }
});

test('a thread above maxWorkerMemory takes no further task', async () => {
  const MB = 2 ** 20;
  await withPool([1, actions, { maxWorkerMemory: 64 * MB }], async (pool) => {
    const before = [await pool.run({}), await pool.run({})];
    assert.deepEqual(
      before.map(({ tasks }) => tasks),
      [1, 2],
    );
    const above = await pool.run({ keep: 80 * MB });
    assert.deepEqual([above.threadId, above.tasks], [before[0].threadId, 3]);
    const after = await pool.run({});
    assert.equal(after.tasks, 1);
    assert.notEqual(after.threadId, above.threadId);
  });
});

test('recycle() replaces all threads, the busy one after its task', async () => {
  const gate = new Gate();
  await withPool([2, gateFile, { workerData: gate.workerData }], async (pool) => {
    const seen = watch(pool);
    const held = pool.run({ hold: 1, value: 'held' });
    await gate.reached(1);
    let done = false;
    const recycled = pool.recycle().then(() => {
      done = true;
    });
    await until(() => seen.destroyed === 1 && seen.created >= 3);
    assert.equal(await pool.run({ value: 'free' }), 'free');
    assert.deepEqual([done, pool.numThreads], [false, 2]);
    gate.open();
    assert.equal(await held, 'held');
    await recycled;
    await until(() => seen.destroyed === 2);
    assert.deepEqual([pool.numThreads, pool.failed], [2, 0]);
  });
});

test('tasks go on while threads are replaced, on threads that are there', async () => {
  await withPool([2, actions], async (pool) => {
    const old = new Set();
    while (old.size < 2) {
      const results = await Promise.all(list(8, () => pool.run({})));
      for (const { threadId } of results) old.add(threadId);
    }
    let recycling = true;
    const recycled = Promise.all([pool.recycle(), pool.recycle()]).then(() => {
      recycling = false;
    });
    let tasks = 0;
    for (; recycling; tasks++) await pool.run({});
    await recycled;
    assert.ok(tasks > 0);
    const { threadId } = await pool.run({});
    assert.ok(!old.has(threadId));
    assert.deepEqual([pool.numThreads, pool.failed], [2, 0]);
  });
});

test('if a successor cannot start, recycle() is rejected and the threads stay', async () => {
  const broken = new Int32Array(new SharedArrayBuffer(4));
  const processor = fixture('recycling-breaks.js');
  await withPool([1, processor, { workerData: { broken } }], async (pool) => {
    const threadId = await pool.run();
    broken[0] = 1;
    await assert.rejects(pool.recycle(), ({ code, cause }) => {
      assert.deepEqual([code, cause.message], ['ERR_WORKER_POOL_WORKER_START', 'broken']);
      return true;
    });
    assert.equal(await pool.run(), threadId);
    broken[0] = 0;
    await pool.recycle();
    assert.notEqual(await pool.run(), threadId);
    assert.equal(pool.numThreads, 1);
  });
});

test('close() ends recycle(), which is refused afterwards', async () => {
  await withPool([2, actions], async (pool) => {
    await pool.run({});
    const recycled = pool.recycle();
    await pool.close();
    await recycled;
    await assert.rejects(pool.recycle(), { code: 'ERR_WORKER_POOL_CLOSED' });
  });
});

test('the last task of a thread may be aborted, time out or end the thread', async () => {
  const options = { maxTasksPerWorker: 1 };
  await withPool([1, fixture('chaos-function.js'), options], async (pool) => {
    const codes = [
      pool.run({ action: 'never' }, { timeout: 5 }),
      pool.run({ action: 'never' }, { signal: AbortSignal.timeout(5) }),
      pool.run({ action: 'exit', id: 1 }),
      pool.run({ action: 'add', a: 1, b: 1 }),
    ].map((task) => task.catch((error) => error.code));
    assert.deepEqual(await Promise.all(codes), [
      'ERR_WORKER_POOL_TASK_TIMEOUT',
      'ABORT_ERR',
      'ERR_WORKER_POOL_WORKER_EXIT',
      2,
    ]);
    assert.equal(pool.numThreads, 1);
  });
});

test('threads of native processors are replaced, too', async () => {
  await withPool([2, { native: 'add' }, { maxTasksPerWorker: 2 }], async (pool) => {
    const seen = watch(pool);
    const sums = await Promise.all(list(9, (a) => pool.run({ a, b: 1 })));
    assert.deepEqual(
      sums,
      list(9, (a) => a + 1),
    );
    await pool.recycle();
    await until(() => seen.destroyed >= 4);
    assert.equal(await pool.run({ a: 1, b: 1 }), 2);
  });
});

test('a pending recycle() keeps the process alive', async () => {
  const replaced = await runProgram(
    async ({ processor }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(1, processor);
      await pool.recycle();
      return pool.numThreads;
    },
    { data: { processor: actions } },
  );
  assert.equal(replaced, 1);
});
