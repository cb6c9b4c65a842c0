'use strict';

// Keys where threads come and go: those that start, leave, are stopped or retire.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withKeys } = require('../../helpers/keyed-pool.js');
const { outcomeOf, until } = require('../../helpers/with-pool.js');

const test = poolSuite();
const key = 'a';

const list = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const inOrder = list(3, (i) => i);
const submit = (pool) => inOrder.map((value) => pool.run({ value }, { key }));
const valuesOf = (results) => results.map(({ value }) => value);
const threadsOf = (results) => new Set(results.map(({ threadId }) => threadId)).size;

test('a thread starts for a key, and none for what waits behind', async () => {
  const options = { minThreads: 0, maxThreads: 4, idleTimeout: Infinity };
  await withKeys(
    4,
    async (pool, { started, release }) => {
      const held = pool.run({ hold: true }, { key });
      const tasks = submit(pool);
      assert.equal(pool.numThreads, 1);
      await started(1);
      tasks.push(...submit(pool));
      assert.equal(pool.numThreads, 1);
      const others = [pool.run({ hold: true }), pool.run({ hold: true }, { key: 'b' })];
      await started(3);
      assert.equal(pool.numThreads, 3);
      release();
      await Promise.all(others);
      const { threadId } = await held;
      for (const result of await Promise.all(tasks)) assert.equal(result.threadId, threadId);
    },
    options,
  );
});

test('a thread that has keys retires, and its keys go on with the next', async () => {
  const options = { minThreads: 0, maxThreads: 2, idleTimeout: 1 };
  await withKeys(
    2,
    async (pool) => {
      const { threadId } = await pool.run({}, { key });
      await until(() => pool.numThreads === 0);
      const results = await Promise.all(submit(pool));
      assert.deepEqual(valuesOf(results), inOrder);
      assert.equal(threadsOf(results), 1);
      assert.notEqual(results[0].threadId, threadId);
    },
    options,
  );
});

test('an idle thread retires though tasks wait behind another of their key', async () => {
  const options = { minThreads: 0, maxThreads: 2, idleTimeout: 1 };
  await withKeys(
    2,
    async (pool, { started, release }) => {
      const held = pool.run({ hold: true }, { key });
      const tasks = submit(pool);
      await started(1);
      await pool.run({});
      await until(() => pool.numThreads === 1);
      assert.equal(pool.queueSize, inOrder.length);
      release();
      assert.equal(threadsOf([await held, ...(await Promise.all(tasks))]), 1);
    },
    options,
  );
});

test('isolated tasks of a key run one after the other', async () => {
  await withKeys(
    2,
    async (pool) => {
      const ended = [];
      const results = await Promise.all(
        submit(pool).map(async (task) => {
          const result = await task;
          ended.push(result.value);
          return result;
        }),
      );
      assert.deepEqual(ended, inOrder);
      assert.equal(threadsOf(results), inOrder.length);
    },
    { isolate: true },
  );
});

test('recycle() lets the running one end, and the rest go on with another thread', async () => {
  await withKeys(2, async (pool, { started, release }) => {
    const held = pool.run({ hold: true }, { key });
    await started(1);
    const tasks = submit(pool);
    const old = pool.stats().threads.map(({ id }) => id);
    const recycled = pool.recycle();
    // The other one is replaced by then: it might take a part of the tasks.
    const left = () => pool.stats().threads.filter(({ id }) => old.includes(id));
    await until(() => left().length === 1 && left()[0].state === 'leaving');
    const other = await pool.run({});
    release();
    const results = await Promise.all(tasks);
    await recycled;
    const { threadId } = await held;
    assert.notEqual(other.threadId, threadId);
    assert.ok(results.every((result) => result.threadId !== threadId));
    assert.deepEqual([valuesOf(results), threadsOf(results)], [inOrder, 1]);
  });
});

test('a thread that does not end an aborted task in time gives the key to another', async () => {
  await withKeys(
    2,
    async (pool, { started }) => {
      const controller = new AbortController();
      const { signal } = controller;
      const [aborted, expired] = [
        outcomeOf(pool, { endless: true }, { key, signal }),
        outcomeOf(pool, { endless: true }, { key, timeout: 1 }),
      ];
      await started(1);
      const tasks = submit(pool);
      controller.abort();
      assert.equal((await aborted)[0].code, 'ABORT_ERR');
      assert.equal((await expired)[0].code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
      const results = await Promise.all(tasks);
      assert.deepEqual([valuesOf(results), threadsOf(results)], [inOrder, 1]);
    },
    { abortGrace: 1 },
  );
});

test('close() ends them all, and with `drain` after they have run', async () => {
  await withKeys(1, async (pool, { started, release }) => {
    const held = pool.run({ hold: true }, { key });
    await started(1);
    const tasks = submit(pool);
    const closed = pool.close({ drain: true });
    release();
    await Promise.all([held, closed]);
    assert.deepEqual(valuesOf(await Promise.all(tasks)), inOrder);
  });
  await withKeys(1, async (pool, { started }) => {
    const outcomes = list(3, () => outcomeOf(pool, { hold: true }, { key }));
    await started(1);
    const drained = pool.close({ drain: true, timeout: 1 });
    for (const outcome of outcomes) assert.ok((await outcome)[0] instanceof Error);
    await drained;
  });
});
