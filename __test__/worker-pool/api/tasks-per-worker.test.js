'use strict';

// The option `tasksPerWorker`: tasks that wait, several at once in a thread.

const assert = require('node:assert/strict');
const { storageFor } = require('async-hooks-rs/contexts');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { allBegun, release, results, submit, submitHeld, withSeveral } =
  require('../../helpers/several-at-once.js');
const { fixture, outcomeOf, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

const list = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const distinct = (values) => new Set(values).size;

async function all(iteration) {
  const values = [];
  for await (const value of iteration) values.push(value);
  return values;
}

test('a thread runs so many at once, and the others wait', async () => {
  await withSeveral(1, 3, async (pool) => {
    const tasks = submitHeld(pool, 5);
    await allBegun(tasks.slice(0, 3));
    assert.deepEqual([pool.running, pool.queueSize], [3, 2]);
    const [thread] = pool.stats().threads;
    assert.deepEqual([thread.state, thread.running, thread.tasks], ['busy', 3, 0]);
    await release(pool);
    await allBegun(tasks);
    await release(pool);
    const ended = await results(tasks);
    assert.equal(distinct(ended.map(({ threadId }) => threadId)), 1);
    assert.equal(await pool.run({ action: 'most' }), 3);
    assert.equal(pool.stats().threads[0].tasks, 6);
  });
});

test('each task has its own id, stores and contexts, and its own result', async () => {
  const crossing = storageFor('several-at-once.test');
  const options = { contexts: [crossing] };
  await withSeveral(
    1,
    4,
    async (pool) => {
      const tasks = list(4, (value) =>
        crossing.run(`crossing ${value}`, () => submit(pool, { action: 'hold', value })),
      );
      await allBegun(tasks);
      await release(pool);
      const ended = await results(tasks);
      for (const [value, result] of ended.entries()) {
        assert.deepEqual(result.seen, [value, value, `crossing ${value}`]);
        assert.equal(result.value, value);
      }
      assert.equal(distinct(ended.map(({ id }) => id)), 4);
      const seen = await pool.run({ action: 'echo', value: 'after' });
      assert.equal(seen, 'after');
    },
    options,
  );
});

test('one that is aborted before its value has come leaves the others alone', async () => {
  await withSeveral(
    1,
    2,
    async (pool) => {
      const held = submitHeld(pool, 1);
      await allBegun(held);
      for (let i = 0; i < 20; i++) {
        const controller = new AbortController();
        const task = { action: 'echo', value: new SharedArrayBuffer(8) };
        const outcome = outcomeOf(pool, task, { signal: controller.signal });
        // The thread has it, and no event reaches this one: the value was not sent.
        const deadline = performance.now() + 30_000;
        while (pool.running < 2 && performance.now() < deadline);
        controller.abort();
        assert.equal((await outcome)[0].code, 'ABORT_ERR');
        assert.equal(await pool.run({ action: 'echo', value: i }), i);
      }
      await release(pool);
      await results(held);
      assert.equal(pool.stats().threads.length, 1);
    },
    { abortGrace: 60_000 },
  );
});

test('all threads together run so many for each', async () => {
  await withSeveral(2, 4, async (pool) => {
    const tasks = submitHeld(pool, 9);
    await allBegun(tasks.slice(0, 8));
    assert.deepEqual([pool.running, pool.queueSize], [8, 1]);
    assert.deepEqual(
      pool.stats().threads.map(({ running }) => running),
      [4, 4],
    );
    await release(pool);
    await allBegun(tasks);
    await release(pool);
    await results(tasks);
  });
});

test('a further thread starts when all run as many as they may', async () => {
  await withSeveral(
    2,
    2,
    async (pool) => {
      const tasks = submitHeld(pool, 2);
      await allBegun(tasks);
      assert.equal(pool.numThreads, 1);
      tasks.push(...submitHeld(pool, 1));
      await allBegun(tasks);
      assert.equal(pool.numThreads, 2);
      await release(pool);
      const ended = await results(tasks);
      assert.equal(distinct(ended.map(({ threadId }) => threadId)), 2);
    },
    { minThreads: 0 },
  );
});

test('functions that do not wait run one after the other', async () => {
  await withSeveral(2, 3, async (pool) => {
    const tasks = list(500, (value) => pool.run({ value }, { export: 'sync' }));
    assert.deepEqual(
      await Promise.all(tasks),
      list(500, (value) => value),
    );
  });
});

test('tasks of a key run one after the other on one thread, and hold nobody up', async () => {
  await withSeveral(2, 3, async (pool) => {
    const first = submit(pool, { action: 'hold', value: 1 }, { key: 'a' });
    await first.begun;
    const second = submit(pool, { action: 'thread' }, { key: 'a' });
    const others = [...submitHeld(pool, 2), ...submitHeld(pool, 1, { key: 'b' })];
    await allBegun(others);
    assert.deepEqual([pool.running, pool.queueSize], [4, 1]);
    await release(pool);
    const [[{ threadId }], [thread]] = await Promise.all([results([first]), results([second])]);
    assert.equal(thread, threadId);
    await results(others);
    const threads = await Promise.all(list(20, () => pool.run({ action: 'thread' }, { key: 'a' })));
    assert.deepEqual([...new Set(threads)], [threadId]);
  });
});

test('two streams of one thread, and map() with as many tasks as may run', async () => {
  await withSeveral(1, 2, async (pool) => {
    const streams = [10, 20].map((value) => pool.stream({ value }, { export: 'values' }));
    assert.deepEqual(await Promise.all(streams.map(all)), [
      [10, 11, 12],
      [20, 21, 22],
    ]);
    const endless = pool.stream({}, { export: 'endless' });
    assert.equal((await endless.next()).done, false);
    assert.deepEqual(await all(pool.stream({ value: 1 }, { export: 'values' })), [1, 2, 3]);
    await endless.return();
    let pulled = 0;
    function* tasks() {
      for (; pulled < 5; pulled++) yield { action: pulled < 2 ? 'hold' : 'echo', value: pulled };
    }
    const mapped = pool.map(tasks());
    const first = mapped.next();
    await until(() => pool.running === 2);
    assert.equal(pulled, 1);
    await release(pool);
    assert.equal((await first).value.value, 0);
    assert.deepEqual((await all(mapped)).slice(1), [2, 3, 4]);
  });
});

test('values that need a port, in both directions, at once', async () => {
  await withSeveral(1, 3, async (pool) => {
    const tasks = list(6, (i) => {
      const bytes = new Uint8Array(16).fill(i);
      return submit(pool, { action: 'moves', bytes }, { transferList: [bytes.buffer] });
    });
    for (const part of [tasks.slice(0, 3), tasks.slice(3)]) {
      await allBegun(part);
      await release(pool);
      await results(part);
    }
    const ended = await results(tasks);
    assert.deepEqual(
      ended.map((bytes) => [bytes[0], bytes.length]),
      list(6, (i) => [i, 16]),
    );
  });
});

test('maxQueue comes on top of what may run', async () => {
  await withSeveral(
    1,
    2,
    async (pool) => {
      const tasks = submitHeld(pool, 3);
      const [err] = await outcomeOf(pool, { action: 'echo' });
      assert.equal(err.code, 'ERR_WORKER_POOL_QUEUE_FULL');
      await allBegun(tasks.slice(0, 2));
      await release(pool);
      await allBegun(tasks);
      await release(pool);
      await results(tasks);
    },
    { maxQueue: 1 },
  );
});

test('runSync() takes a place that is free, and refuses to wait for streams', async () => {
  await withSeveral(1, 2, async (pool) => {
    const held = submitHeld(pool, 1);
    await allBegun(held);
    assert.equal(pool.runSync({ action: 'echo', value: 5 }), 5);
    await release(pool);
    await results(held);
    const streams = list(2, () => pool.stream({}, { export: 'endless' }));
    await Promise.all(streams.map((stream) => stream.next()));
    assert.throws(() => pool.runSync({ action: 'echo' }), { code: 'ERR_WORKER_POOL_DEADLOCK' });
    for (const stream of streams) await stream.return();
  });
});

test('a file in the form of the documentation cannot start', async () => {
  await withPool([1, fixture('docs-echo.js'), { tasksPerWorker: 2 }], async (pool) => {
    const [err] = await outcomeOf(pool, 1);
    assert.equal(err.code, 'ERR_WORKER_POOL_WORKER_START');
    assert.match(err.message, /to export a function as its default; its exports are/);
  });
});
