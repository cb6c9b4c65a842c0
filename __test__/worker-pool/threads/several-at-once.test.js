'use strict';

// Threads that run several tasks at once, and end: by an abort, by an error, or because they are
// replaced. Each task ends once, and none is lost.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { allBegun, release, results, submit, submitHeld, withSeveral } =
  require('../../helpers/several-at-once.js');
const { until } = require('../../helpers/with-pool.js');

const test = poolSuite();
const LONG = 60_000;

const list = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const outcomes = (tasks) => Promise.all(tasks.map(({ outcome }) => outcome));
const threadOf = (pool) => pool.run({ action: 'thread' });

test('an abort stops the thread, and the other tasks that it runs fail with it', async () => {
  await withSeveral(1, 4, async (pool) => {
    const thread = await threadOf(pool);
    const others = submitHeld(pool, 2);
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = submit(pool, { action: 'deaf' }, { signal });
    await allBegun([...others, aborted]);
    controller.abort();
    const [[err]] = await outcomes([aborted]);
    assert.equal(err.code, 'ABORT_ERR');
    for (const [error] of await outcomes(others)) {
      assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
      assert.match(error.message, /another task/);
    }
    assert.notEqual(await threadOf(pool), thread);
    assert.deepEqual([pool.failed, pool.completed], [3, 2]);
  });
});

test('with a grace, a task that hears of its abort costs the others nothing', async () => {
  await withSeveral(
    1,
    4,
    async (pool) => {
      const thread = await threadOf(pool);
      const others = submitHeld(pool, 2);
      const controllers = list(2, () => new AbortController());
      const aborted = controllers.map(({ signal }) =>
        submit(pool, { action: 'untilAborted' }, { signal }),
      );
      await allBegun([...others, ...aborted]);
      for (const [i, controller] of controllers.entries()) {
        controller.abort();
        const [[err]] = await outcomes([aborted[i]]);
        assert.equal(err.code, 'ABORT_ERR');
        await until(() => pool.stats().threads[0].running === 3 - i);
      }
      assert.equal(pool.running, 2);
      await release(pool);
      for (const { threadId } of await results(others)) assert.equal(threadId, thread);
      assert.equal(await threadOf(pool), thread);
    },
    { abortGrace: LONG },
  );
});

test('the grace of one task is not that of another', async () => {
  await withSeveral(
    1,
    3,
    async (pool) => {
      const [other] = submitHeld(pool, 1);
      const deaf = submit(pool, { action: 'deaf' }, { timeout: 1 });
      const hears = submit(pool, { action: 'untilAborted' }, { timeout: 1 });
      for (const [err] of await outcomes([deaf, hears])) {
        assert.equal(err.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
      }
      const [[err]] = await outcomes([other]);
      assert.equal(err.code, 'ERR_WORKER_POOL_WORKER_EXIT');
      assert.equal(await pool.run({ action: 'echo', value: 1 }), 1);
    },
    { abortGrace: 50 },
  );
});

test('an error that nobody catches fails all tasks of its thread, as their cause', async () => {
  await withSeveral(1, 3, async (pool) => {
    const held = submitHeld(pool, 2);
    await allBegun(held);
    const throws = submit(pool, { action: 'throws', value: 'why' });
    for (const [err] of await outcomes([...held, throws])) {
      assert.deepEqual([err.code, err.exitCode], ['ERR_WORKER_POOL_WORKER_EXIT', 1]);
      assert.ok(err.cause instanceof TypeError);
      assert.deepEqual([err.cause.message, err.cause.code], ['why', 'E_OWN']);
    }
    const [[alone]] = await outcomes([submit(pool, { action: 'throws', value: 'alone' })]);
    assert.deepEqual([alone.name, alone.message], ['TypeError', 'alone']);
    assert.equal(await pool.run({ action: 'echo', value: 1 }), 1);
  });
});

test('a thread that exits takes what it runs with it, and nothing that waits', async () => {
  await withSeveral(1, 2, async (pool) => {
    const held = submitHeld(pool, 1);
    await allBegun(held);
    const exits = submit(pool, { action: 'exits' });
    const waiting = list(3, (value) => pool.run({ action: 'echo', value }));
    for (const [err] of await outcomes([...held, exits])) {
      assert.deepEqual([err.code, err.exitCode], ['ERR_WORKER_POOL_WORKER_EXIT', 7]);
    }
    assert.deepEqual(await Promise.all(waiting), [0, 1, 2]);
    assert.deepEqual([pool.failed, pool.completed], [2, 3]);
  });
});

test('runSync() fails by the end of the thread, and so do the other tasks', async () => {
  await withSeveral(1, 2, async (pool) => {
    const held = submitHeld(pool, 1);
    await allBegun(held);
    assert.throws(
      () => pool.runSync({ action: 'throws', value: 'why' }),
      (err) => {
        assert.deepEqual([err.code, err.cause.message], ['ERR_WORKER_POOL_WORKER_EXIT', 'why']);
        return true;
      },
    );
    const [[err]] = await outcomes(held);
    assert.deepEqual([err.code, err.cause.message], ['ERR_WORKER_POOL_WORKER_EXIT', 'why']);
  });
});

test('maxTasksPerWorker counts the tasks of the thread, which all end', async () => {
  await withSeveral(
    1,
    2,
    async (pool) => {
      const threads = await Promise.all(list(30, () => pool.run({ action: 'later' })));
      const counts = new Map();
      for (const id of threads) counts.set(id, (counts.get(id) ?? 0) + 1);
      assert.deepEqual([...counts.values()], Array(6).fill(5));
      assert.deepEqual([pool.completed, pool.failed], [30, 0]);
    },
    { maxTasksPerWorker: 5 },
  );
});

test('recycle() lets all tasks of a thread end', async () => {
  await withSeveral(1, 3, async (pool) => {
    const streams = list(2, () => pool.stream({}, { export: 'endless' }));
    const [{ value: thread }] = await Promise.all(streams.map((stream) => stream.next()));
    const recycled = pool.recycle();
    await until(() => pool.stats().threads.some(({ state }) => state === 'leaving'));
    assert.notEqual(await threadOf(pool), thread);
    assert.deepEqual([pool.running, pool.numThreads], [2, 1]);
    await streams[0].return();
    assert.equal((await streams[1].next()).value, thread);
    await streams[1].return();
    await recycled;
    assert.deepEqual([pool.completed, pool.failed], [3, 0]);
    assert.notEqual(pool.stats().threads[0].id, thread);
  });
});

test('a thread retires when it runs nothing at all', async () => {
  await withSeveral(
    2,
    2,
    async (pool) => {
      const held = submitHeld(pool, 3);
      await allBegun(held);
      assert.equal(pool.numThreads, 2);
      await release(pool);
      await results(held);
      await until(() => pool.numThreads === 0);
      const [again] = submitHeld(pool, 1);
      await again.begun;
      const start = pool.stats();
      await until(() => pool.stats(start).duration > 10);
      assert.equal(pool.numThreads, 1);
      await release(pool);
      await results([again]);
    },
    { minThreads: 0, idleTimeout: 1 },
  );
});

test('whatever happens to threads, each task ends once', async () => {
  const TASKS = 200;
  await withSeveral(
    2,
    4,
    async (pool) => {
      const ends = {
        result: 0,
        ERR_WORKER_POOL_TASK_TIMEOUT: 0,
        ERR_WORKER_POOL_WORKER_EXIT: 0,
        E_OWN: 0, // of a thread that ran one task
      };
      const settled = new Uint8Array(TASKS);
      const make = (i) => {
        if (i % 97 === 0) return [{ action: 'exits' }];
        if (i % 89 === 0) return [{ action: 'throws', value: 'why' }];
        if (i % 31 === 0) return [{ action: 'untilAborted' }, { timeout: 1 }];
        if (i % 29 === 0) return [{ action: 'deaf' }, { timeout: 1 }];
        return [{ action: 'echo', value: i }, i % 7 === 0 ? { key: String(i % 3) } : {}];
      };
      await Promise.all(
        list(TASKS, async (i) => {
          const [task, options] = make(i);
          try {
            const result = await pool.run(task, options);
            assert.equal(result, i);
            ends.result++;
          } catch (err) {
            if (!(err.code in ends)) throw err;
            ends[err.code]++;
          }
          settled[i]++;
        }),
      );
      assert.ok(settled.every((count) => count === 1));
      assert.ok(ends.result > TASKS / 2, JSON.stringify(ends));
      assert.ok(ends.ERR_WORKER_POOL_WORKER_EXIT > 0);
      assert.deepEqual([pool.running, pool.queueSize], [0, 0]);
    },
    { abortGrace: 5, maxTasksPerWorker: 40 },
  );
});

test('what tasks have told before their abort does not come to the next task', async () => {
  const told = new Int32Array(new SharedArrayBuffer(4));
  const controller = new AbortController();
  const { signal } = controller;
  await withSeveral(
    1,
    2,
    async (pool) => {
      await pool.ready();
      const tasks = [0, 1].map(() => submit(pool, { action: 'tells' }, { signal }));
      await null; // the tasks are sent
      while (Atomics.load(told, 0) < tasks.length); // without a turn of the event loop
      controller.abort();
      const heard = [];
      const onProgress = (value) => heard.push(value);
      const next = pool.run({ action: 'echo', value: 'next' }, { onProgress });
      for (const { outcome } of tasks) assert.equal((await outcome)[0].code, 'ABORT_ERR');
      assert.equal(await next, 'next');
      assert.deepEqual(heard, ['begun']);
    },
    { workerData: { told } },
  );
});
