'use strict';

// The option `key` of a task: those of one key run one after the other, on one thread, and nothing
// else waits for them.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withKeys } = require('../../helpers/keyed-pool.js');
const { WorkerPool, fixture, outcomeOf } = require('../../helpers/with-pool.js');

const test = poolSuite();
const docs = fixture('events-thread-id.js');

const list = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const distinct = (values) => new Set(values).size;

test('tasks of a key run in order, on one thread', async () => {
  await withKeys(3, async (pool) => {
    const ended = [];
    const tasks = list(120, (i) =>
      pool.run({ value: i }, { key: `key ${i % 4}` }).then((result) => {
        ended.push(result.value);
        return result;
      }),
    );
    const results = await Promise.all(tasks);
    for (let key = 0; key < 4; key++) {
      const ofKey = (i) => i % 4 === key;
      const threads = results.filter((_, i) => ofKey(i)).map(({ threadId }) => threadId);
      assert.equal(distinct(threads), 1, `key ${key}`);
      const order = ended.filter(ofKey);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
    }
    // The key remembers its thread while it has no task.
    const again = await pool.run({}, { key: 'key 2' });
    assert.equal(again.threadId, results[2].threadId);
  });
});

test('no other task waits for them', async () => {
  await withKeys(2, async (pool, { started, release }) => {
    const held = pool.run({ value: 'held', hold: true }, { key: 'a' });
    const next = pool.run({ value: 'next' }, { key: 'a' });
    await started(1);
    const others = [
      pool.run({ value: 'plain' }),
      pool.run({ value: 'other key' }, { key: 'b' }),
      pool.run({ value: 'plain' }),
    ];
    for (const other of others) await other;
    assert.deepEqual([pool.running, pool.queueSize], [1, 1]);
    release();
    assert.equal((await held).threadId, (await next).threadId);
  });
});

test('the tasks of a thread that ends go on with another one', async () => {
  await withKeys(2, async (pool) => {
    const { threadId } = await pool.run({}, { key: 'a' });
    const exits = outcomeOf(pool, { exit: true }, { key: 'a' });
    const rest = list(3, (value) => pool.run({ value }, { key: 'a' }));
    const [[error], ...results] = await Promise.all([exits, ...rest]);
    assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
    assert.equal(distinct(results.map((result) => result.threadId)), 1);
    assert.notEqual(results[0].threadId, threadId);
  });
});

test('waiting ones can be cancelled, and the next one runs', async () => {
  await withKeys(1, async (pool, { started, release }) => {
    const held = pool.run({ hold: true }, { key: 'a' });
    await started(1);
    const controller = new AbortController();
    const cancelled = outcomeOf(pool, {}, { key: 'a', signal: controller.signal });
    const next = pool.run({ value: 'next' }, { key: 'a' });
    controller.abort();
    assert.equal((await cancelled)[0].code, 'ABORT_ERR');
    release();
    await held;
    assert.equal((await next).value, 'next');
  });
});

for (const abortGrace of [0, 60_000]) {
  test(`after an abort of the running one the next one runs: grace ${abortGrace}`, async () => {
    await withKeys(
      2,
      async (pool, { started }) => {
        const { threadId } = await pool.run({}, { key: 'a' });
        const controller = new AbortController();
        const aborted = outcomeOf(pool, { wait: true }, { key: 'a', signal: controller.signal });
        const next = pool.run({ value: 'next' }, { key: 'a' });
        await started(2);
        controller.abort();
        assert.equal((await aborted)[0].code, 'ABORT_ERR');
        assert.equal((await next).threadId === threadId, abortGrace > 0);
      },
      { abortGrace },
    );
  });
}

test('the priority decides among the keys', async () => {
  await withKeys(1, async (pool, { started, release }) => {
    const held = pool.run({ hold: true });
    await started(1);
    const ended = [];
    const submit = (value, options) => pool.run({ value }, options).then(() => ended.push(value));
    const tasks = [
      submit('low', { key: 'a', priority: -100 }),
      submit('common'),
      submit('high', { key: 'b', priority: 100 }),
      submit('behind low', { key: 'a', priority: 100 }),
    ];
    release();
    await Promise.all([held, ...tasks]);
    assert.deepEqual(ended, ['high', 'common', 'low', 'behind low']);
  });
});

test('the queue tells of those that wait behind others', async () => {
  await withKeys(1, async (pool, { started, release }) => {
    const held = pool.run({ hold: true }, { key: 'a', priority: 5 });
    await started(1);
    const tasks = [5, 0, -5].map((priority) => pool.run({}, { key: 'a', priority }));
    tasks.push(pool.run({}));
    assert.deepEqual(pool.stats().queue, [
      { priority: 5, waiting: 1 },
      { priority: 0, waiting: 2 },
      { priority: -5, waiting: 1 },
    ]);
    assert.equal(pool.queueSize, 4);
    release();
    await Promise.all([held, ...tasks]);
    assert.deepEqual(pool.stats().queue, []);
  });
});

test('a stream has a key until it ends', async () => {
  await withKeys(2, async (pool) => {
    const { threadId } = await pool.run({}, { key: 'a' });
    const stream = pool.stream(3, { key: 'a', export: 'values', highWaterMark: 1 });
    const next = pool.run({}, { key: 'a' });
    const values = [(await stream.next()).value]; // it has begun
    await pool.run({});
    assert.deepEqual([pool.running, pool.queueSize], [1, 1]);
    for await (const value of stream) values.push(value);
    assert.deepEqual(values, Array(3).fill(threadId));
    assert.equal((await next).threadId, threadId);
  });
});

test('threads that are replaced give their keys to others', async () => {
  await withKeys(
    2,
    async (pool) => {
      const results = await Promise.all(list(12, (value) => pool.run({ value }, { key: 'a' })));
      assert.deepEqual(
        results.map(({ value }) => value),
        list(12, (i) => i),
      );
      assert.equal(distinct(results.map(({ threadId }) => threadId)), 4);
    },
    { maxTasksPerWorker: 3 },
  );
});

test('more keys than are remembered', async () => {
  const pool = new WorkerPool(2, { native: 'add' });
  try {
    const add = (a) => pool.run({ a, b: 1 }, { key: `${a}` });
    for (const count of [10_050, 200]) {
      const sums = await Promise.all(list(count, add));
      assert.deepEqual(
        sums,
        list(count, (a) => a + 1),
      );
    }
  } finally {
    await pool.close();
  }
});

test('a processor of the documentation has keys as well', async () => {
  const pool = new WorkerPool(2, docs);
  try {
    const threads = await Promise.all(list(20, () => pool.run({}, { key: 'a' })));
    assert.equal(distinct(threads.map((result) => result?.threadId ?? result)), 1);
  } finally {
    await pool.close();
  }
});

test('wrong values are refused', async () => {
  const pool = new WorkerPool(1);
  try {
    for (const key of [1, null, Symbol('a'), {}]) {
      assert.throws(() => pool.runTask({ a: 1, b: 1 }, { key }, () => {}), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: /options\.key/,
      });
    }
    assert.throws(() => pool.map([], { key: 'a' }), {
      code: 'ERR_OUT_OF_RANGE',
      message: /options\.key.* map\(\)/,
    });
    assert.equal(await pool.run({ a: 1, b: 1 }, { key: '' }), 2);
    assert.equal(await pool.run({ a: 1, b: 1 }, Object.create({ key: 1 })), 2);
  } finally {
    await pool.close();
  }
});
