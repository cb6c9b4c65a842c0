'use strict';

// The option `abortGrace`: a task that was aborted learns of it, and keeps its thread if it ends in
// time. How the submission fails does not depend on it.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf, turns, until } = require('../../helpers/with-pool.js');

const test = poolSuite();
const LONG = 60_000;

/** Calls `body` with a pool, and a function that waits until that many tasks have started. */
async function withGrace(abortGrace, body, { threads = 1, ...options } = {}) {
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const pool = new WorkerPool(threads, fixture('function-info.js'), {
    abortGrace,
    workerData: { cells },
    ...options,
  });
  const started = (count) => until(() => Atomics.load(cells, 0) >= count);
  const release = () => Atomics.store(cells, 1, 1);
  try {
    await body(pool, { started, release, held: () => Atomics.load(cells, 2) });
  } finally {
    await pool.close();
  }
}

for (const action of ['wait', 'spin']) {
  test(`a task that hears of the abort keeps its thread: ${action}`, async () => {
    await withGrace(LONG, async (pool, { started }) => {
      const thread = await pool.run({ action: 'thread' });
      for (let count = 2; count < 12; count += 2) {
        const controller = new AbortController();
        const task = outcomeOf(pool, { action }, { signal: controller.signal });
        await started(count);
        controller.abort(new TypeError('why'));
        const [err] = await task;
        assert.deepEqual([err.code, err.cause.message], ['ABORT_ERR', 'why']);
        const [same, reason] = await pool.run({ action: 'reason' });
        assert.equal(same, thread);
        assert.deepEqual([reason.code, reason.name], ['ABORT_ERR', 'AbortError']);
        assert.ok(reason.cause instanceof TypeError);
      }
    });
  });

  test(`the same with a timeout: ${action}`, async () => {
    await withGrace(LONG, async (pool) => {
      const thread = await pool.run({ action: 'thread' });
      for (let i = 0; i < 3; i++) {
        const [err] = await outcomeOf(pool, { action }, { timeout: 10 });
        assert.equal(err.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
        const [same, reason] = await pool.run({ action: 'reason' });
        assert.deepEqual(
          [same, reason.code, reason.name],
          [thread, 'ERR_WORKER_POOL_TASK_TIMEOUT', 'TimeoutError'],
        );
      }
    });
  });
}

test('the thread of a task that goes on is stopped when the grace is over', async () => {
  await withGrace(50, async (pool) => {
    const thread = await pool.run({ action: 'thread' });
    await assert.rejects(pool.run({ action: 'deaf' }, { timeout: 1 }), { name: 'TimeoutError' });
    assert.notEqual(await pool.run({ action: 'thread' }), thread);
    assert.deepEqual([pool.completed, pool.failed], [2, 1]);
  });
});

test('recycle() replaces a thread that has ended an aborted task', async () => {
  await withGrace(LONG, async (pool, { started, release }) => {
    const thread = await pool.run({ action: 'thread' });
    const controller = new AbortController();
    const task = outcomeOf(pool, { action: 'hold' }, { signal: controller.signal });
    await started(2);
    controller.abort();
    assert.equal((await task)[0].code, 'ABORT_ERR');
    const recycled = pool.recycle();
    release();
    await recycled;
    assert.notEqual(await pool.run({ action: 'thread' }), thread);
  });
});

for (const [name, options, leave] of [
  ['by isolate', { isolate: true }],
  ['by recycle()', {}, (pool) => pool.recycle()],
]) {
  test(`the task of a thread that leaves has its grace as well: ${name}`, async () => {
    await withGrace(
      LONG,
      async (pool, { started, release, held }) => {
        const ends = [];
        pool.on('workerDestroy', (id) => ends.push(id));
        const controller = new AbortController();
        const task = outcomeOf(pool, { action: 'hold' }, { signal: controller.signal });
        await started(1);
        const left = leave?.(pool);
        controller.abort();
        assert.equal((await task)[0].code, 'ABORT_ERR');
        // The successor does not wait for it.
        const [successor, reason] = await pool.run({ action: 'reason' });
        assert.equal(reason, undefined);
        release();
        await until(() => ends.some((id) => id !== successor));
        await left;
        assert.equal(held(), 1);
      },
      options,
    );
  });

  test(`its thread is stopped when the grace is over: ${name}`, async () => {
    await withGrace(
      20,
      async (pool) => {
        const task = outcomeOf(pool, { action: 'deaf' }, { timeout: 1 });
        await leave?.(pool);
        assert.equal((await task)[0].code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
        assert.equal((await pool.run({ action: 'reason' }))[1], undefined);
      },
      options,
    );
  });
}

test('without a grace the thread is stopped at once', async () => {
  await withGrace(0, async (pool, { started }) => {
    const thread = await pool.run({ action: 'thread' });
    const controller = new AbortController();
    const task = outcomeOf(pool, { action: 'wait' }, { signal: controller.signal });
    await started(2);
    controller.abort();
    assert.equal((await task)[0].code, 'ABORT_ERR');
    assert.notEqual(await pool.run({ action: 'thread' }), thread);
  });
});

test('a task fails at once, and nothing that it says later is told', async () => {
  await withGrace(LONG, async (pool, { started, release }) => {
    const thread = await pool.run({ action: 'thread' });
    const controller = new AbortController();
    const never = () => assert.fail('it was aborted');
    const { signal } = controller;
    const task = outcomeOf(pool, { action: 'hold' }, { signal, onProgress: never });
    await started(2);
    controller.abort();
    assert.equal((await task)[0].code, 'ABORT_ERR');
    assert.equal(pool.running, 0);
    // It gets the id of the other one, whose thread it waits for.
    const told = [];
    const onProgress = (value) => told.push(value);
    const next = outcomeOf(pool, { action: 'progress', value: [1, 2] }, { onProgress });
    await turns();
    assert.equal(pool.queueSize, 1);
    release();
    assert.deepEqual(await next, [null, 2]);
    assert.deepEqual(told, [1, 2]);
    assert.deepEqual((await pool.run({ action: 'reason' }))[0], thread);
  });
});

test('another thread starts while the task of the first takes its time', async () => {
  const settings = { threads: 2, minThreads: 1, idleTimeout: Infinity };
  await withGrace(
    LONG,
    async (pool, { started, release }) => {
      const thread = await pool.run({ action: 'thread' });
      const controller = new AbortController();
      const task = outcomeOf(pool, { action: 'hold' }, { signal: controller.signal });
      await started(2);
      controller.abort();
      await task;
      assert.notEqual(await pool.run({ action: 'thread' }), thread);
      assert.equal(pool.numThreads, 2);
      release();
    },
    settings,
  );
});

test('close() aborts the running task and waits for it', async () => {
  await withGrace(LONG, async (pool, { started }) => {
    const exits = [];
    pool.on('workerDestroy', (id) => exits.push(id));
    const task = outcomeOf(pool, { action: 'wait' });
    await started(1);
    const closed = pool.close();
    assert.equal((await task)[0].code, 'ERR_WORKER_POOL_CLOSED');
    await closed;
    await turns();
    assert.equal(exits.length, 1);
  });
});

test('close() stops a task that goes on when the grace is over', async () => {
  await withGrace(20, async (pool, { started }) => {
    const task = outcomeOf(pool, { action: 'deaf' });
    await started(1);
    await pool.close();
    assert.equal((await task)[0].code, 'ERR_WORKER_POOL_CLOSED');
  });
});

test('many aborts leave no task without its end', async () => {
  await withGrace(
    LONG,
    async (pool) => {
      const tasks = Array.from({ length: 300 }, (_, i) => {
        const action = ['wait', 'thread', 'spin'][i % 3];
        const timeout = action === 'thread' ? undefined : 1 + (i % 4);
        return pool.run({ action }, { timeout }).then(
          () => 'done',
          ({ code }) => code,
        );
      });
      const ends = await Promise.all(tasks);
      ends.forEach((end, i) => {
        assert.equal(end, i % 3 === 1 ? 'done' : 'ERR_WORKER_POOL_TASK_TIMEOUT');
      });
      assert.equal(pool.numThreads, 2);
    },
    { threads: 2 },
  );
});

test('wrong values are refused, and native processors ignore it', async () => {
  for (const [abortGrace, code] of [
    ['1', 'ERR_INVALID_ARG_TYPE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [1.5, 'ERR_OUT_OF_RANGE'],
    [Infinity, 'ERR_OUT_OF_RANGE'],
  ]) {
    assert.throws(() => new WorkerPool(1, undefined, { abortGrace }), { code });
  }
  const pool = new WorkerPool(1, { native: 'primes' }, { abortGrace: LONG });
  await assert.rejects(pool.run({ limit: 1e12 }, { timeout: 5 }), { name: 'TimeoutError' });
  assert.equal(await pool.run({ limit: 10 }), 4);
  await pool.close();
});
