'use strict';

// stats(): threads, the queue by priority, times, and rates since an earlier answer.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf, until, withPool } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const states = (pool) => pool.stats().threads.map(({ state }) => state);
const isShare = (value) => value >= 0 && value <= 1;

test('a new pool: threads that start, and zeros', async () => {
  await withPool([2, fixture('function-echo.js')], (pool) => {
    const { duration, perSecond, threads, waitTime, runTime, ...rest } = pool.stats();
    assert.ok(duration >= 0);
    assert.deepEqual(perSecond, { submitted: 0, completed: 0, failed: 0 });
    assert.deepEqual(rest, { submitted: 0, completed: 0, failed: 0, queue: [] });
    assert.deepEqual([waitTime.count, runTime.count], [0, 0]);
    assert.deepEqual(
      threads.map(({ state, tasks, busy }) => [state, tasks, busy]),
      Array(2).fill(['starting', 0, 0]),
    );
    assert.equal(new Set(threads.map(({ id }) => id)).size, 2);
  });
});

test('threads are busy and idle, count their tasks, and stay the same', async () => {
  const gate = new Gate();
  await withPool([2, gateFile, { workerData: gate.workerData }], async (pool) => {
    await pool.ready();
    assert.deepEqual(states(pool), ['idle', 'idle']);
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    const before = pool.stats();
    assert.deepEqual(before.threads.map(({ state }) => state).sort(), ['busy', 'idle']);
    const busy = before.threads.find(({ state }) => state === 'busy');
    assert.ok(busy.busy > 0);
    gate.open();
    await held;
    await pool.run({});
    const after = pool.stats(before);
    assert.deepEqual(
      after.threads.map(({ id, state }) => [id, state]),
      before.threads.map(({ id }) => [id, 'idle']),
    );
    assert.equal(after.threads[0].tasks + after.threads[1].tasks, 2);
    assert.deepEqual([after.waitTime.count, after.runTime.count], [2, 2]);
    assert.deepEqual(after.runTime, pool.histogram().runTime);
    for (const each of [...before.threads, ...after.threads]) {
      assert.ok(isShare(each.busy), each.busy);
    }
  });
});

test('in which share of the time the event loop of a thread was active', async () => {
  await withPool([1, fixture('function-info.js')], async (pool) => {
    await pool.run({ action: 'thread' });
    const [{ eventLoopUtilization }] = pool.stats().threads;
    assert.equal(typeof eventLoopUtilization, 'number');
    assert.ok(isShare(eventLoopUtilization), eventLoopUtilization);
  });
});

test('a thread leaves with its last task, while its successor is there', async () => {
  const gate = new Gate();
  const options = { maxTasksPerWorker: 1, workerData: gate.workerData };
  await withPool([1, gateFile, options], async (pool) => {
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    await until(() => states(pool).includes('leaving') && states(pool).includes('idle'));
    gate.open();
    await held;
    await until(() => states(pool).length === 1);
    assert.deepEqual(states(pool), ['idle']);
    assert.equal(pool.stats().threads[0].tasks, 0);
  });
});

test('a thread that is stopped is there until it has ended', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const controller = new AbortController();
    const aborted = outcomeOf(pool, { hold: 1 }, { signal: controller.signal });
    await gate.reached(1);
    controller.abort();
    assert.deepEqual(states(pool), ['stopping']);
    await aborted;
    assert.equal(await pool.run({ value: 'next' }), 'next');
    await until(() => states(pool).length === 1); // it need not end before the next one starts
    assert.deepEqual(states(pool), ['idle']);
  });
});

test('shares are those since the earlier answer', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    await pool.ready();
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    const start = pool.stats();
    // However long it takes to read two clocks, that is a small part at some time.
    await until(() => pool.stats(start).threads[0].busy > 0.9);
    gate.open();
    await held;
    const end = pool.stats();
    await until(() => pool.stats(end).duration > 1);
    assert.deepEqual([pool.stats(end).threads[0].busy, pool.stats(end).threads[0].tasks], [0, 1]);
    assert.ok(pool.stats().threads[0].busy > 0);
  });
});

test('rates are per second since the earlier answer', async () => {
  await withPool([1, { native: 'add' }], async (pool) => {
    await pool.run({ a: 1, b: 2 });
    const first = pool.stats();
    await Promise.all(Array.from({ length: 10 }, (_, a) => pool.run({ a, b: 0 })));
    await outcomeOf(pool, 'refused');
    const second = pool.stats(first);
    assert.deepEqual([second.submitted, second.completed, second.failed], [12, 11, 1]);
    const seconds = second.duration / 1000;
    const counts = Object.values(second.perSecond).map((rate) => Math.round(rate * seconds));
    assert.deepEqual(counts, [11, 10, 1]);
    const whole = pool.stats();
    assert.equal(Math.round((whole.perSecond.submitted * whole.duration) / 1000), 12);
    assert.ok(whole.duration > second.duration);
  });
});

test('the queue by priority, from the tick of the submission on, without those that left', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = [1, 2].map(() => outcomeOf(pool, {}, { priority: 5, signal }));
    const tasks = [5, -3, 0, 0, 100].map((priority) => pool.run({}, { priority }));
    assert.deepEqual(pool.stats().queue, [
      { priority: 100, waiting: 1 },
      { priority: 5, waiting: 3 },
      { priority: 0, waiting: 2 },
      { priority: -3, waiting: 1 },
    ]);
    controller.abort();
    assert.deepEqual(pool.stats().queue[1], { priority: 5, waiting: 1 });
    gate.open();
    await Promise.all([held, ...tasks, ...aborted]);
    assert.deepEqual(pool.stats().queue, []);
  });
});

test('native threads have no event loop, and no memory of their own', async () => {
  await withPool([1, { native: 'add' }], async (pool) => {
    await pool.run({ a: 1, b: 2 });
    pool.stats();
    const [{ id, tasks, ...rest }] = pool.stats().threads;
    assert.deepEqual([id, tasks], [0, 1]);
    assert.deepEqual(
      [rest.eventLoopUtilization, rest.memory, rest.memoryAge],
      [undefined, undefined, undefined],
    );
  });
});

const MB = 2 ** 20;

/** What the only thread of the pool has told of its memory, when that meets the condition. */
async function memoryWhen(pool, condition) {
  let thread;
  await until(() => {
    [thread] = pool.stats().threads;
    return condition(thread);
  });
  return thread;
}

for (const name of ['function-echo.js', 'docs-echo.js']) {
  test(`the memory of a thread, once it has told it: ${name}`, async () => {
    await withPool([1, fixture(name)], async (pool) => {
      await pool.ready();
      const [{ memory, memoryAge }] = pool.stats().threads;
      assert.deepEqual([memory, memoryAge], [undefined, undefined]);
      const told = await memoryWhen(pool, (thread) => thread.memory !== undefined);
      assert.ok(told.memory > MB && told.memory < 200 * MB, told.memory);
      assert.ok(told.memoryAge >= 0 && told.memoryAge < 60_000, told.memoryAge);
    });
  });
}

test('it is told again, by a thread that is not busy', async () => {
  const gate = new Gate();
  const { workerData } = gate;
  await withPool([1, fixture('recycling-actions.js'), { workerData }], async (pool) => {
    await pool.run({});
    const before = await memoryWhen(pool, ({ memory }) => memory !== undefined);
    await pool.run({ keep: 80 * MB });
    await memoryWhen(pool, ({ memory }) => memory > before.memory + 60 * MB);
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    const [busy] = pool.stats().threads;
    const later = await memoryWhen(pool, ({ memoryAge }) => memoryAge > busy.memoryAge + 150);
    assert.equal(later.memory, busy.memory);
    gate.open();
    await held;
    await memoryWhen(pool, ({ memoryAge }) => memoryAge < later.memoryAge);
  });
});

test('a pool that is closed has no threads, and keeps its counters', async () => {
  const pool = new WorkerPool(1, fixture('function-echo.js'));
  await pool.run(1);
  await pool.close();
  const { threads, queue, completed } = pool.stats();
  assert.deepEqual([threads, queue, completed], [[], [], 1]);
});

test('what is no answer of this pool is refused', async () => {
  await withPool([1, { native: 'add' }], async (pool) => {
    await withPool([1, { native: 'add' }], (other) => {
      for (const since of [{}, null, 5, 'now', other.stats(), { ...pool.stats() }]) {
        assert.throws(
          () => {
            pool.stats(since);
          },
          ({ code, stack }) =>
            code === 'ERR_OUT_OF_RANGE' && stack.split('\n')[1].includes(__filename),
        );
      }
    });
    assert.equal(pool.stats(undefined).submitted, 0);
  });
});
