'use strict';

// The option `maxQueue`: the number of tasks that may wait beyond the running ones.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const code = async (outcome) => (await outcome)[0]?.code ?? 'none';
const FULL = 'ERR_WORKER_POOL_QUEUE_FULL';

for (const maxQueue of [0, 1, 5]) {
  test(`maxQueue ${maxQueue}: that many tasks wait, and the next one fails`, async () => {
    const gate = new Gate();
    const options = { maxQueue, workerData: gate.workerData };
    await withPool([2, gateFile, options], async (pool) => {
      const submit = (hold) => outcomeOf(pool, { hold, value: 'done' });
      const running = [submit(1), submit(1)];
      await gate.reached(2);
      const waiting = Array.from({ length: maxQueue }, () => submit(2));
      assert.equal(pool.queueSize, maxQueue);
      assert.deepEqual(await Promise.all([code(submit(2)), code(submit(2))]), [FULL, FULL]);
      assert.equal(pool.queueSize, maxQueue);
      gate.open(1);
      await Promise.all(running);
      gate.open(2);
      assert.deepEqual(await Promise.all(waiting), Array(maxQueue).fill([null, 'done']));
      assert.deepEqual(await submit(0), [null, 'done']);
      assert.deepEqual([pool.completed, pool.failed], [3 + maxQueue, 2]);
    });
  });
}

test('maxQueue holds in one tick, before any thread has begun', async () => {
  for (const processor of [undefined, fixture('function-echo.js')]) {
    await withPool([2, processor, { maxQueue: 3 }], async (pool) => {
      const codes = await Promise.all(
        Array.from({ length: 10 }, () => code(outcomeOf(pool, { a: 1, b: 2 }))),
      );
      assert.deepEqual(codes, [...Array(5).fill('none'), ...Array(5).fill(FULL)]);
    });
  }
});

test('the error names the number of tasks that may wait', async () => {
  await withPool([1, undefined, { maxQueue: 7 }], async (pool) => {
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, () => outcomeOf(pool, { a: 1, b: 2 })),
    );
    const [err, result] = outcomes[8];
    assert.equal(err.code, FULL);
    assert.match(err.message, /\b7\b/);
    assert.equal(result, null);
    assert.deepEqual(outcomes.slice(0, 8), Array(8).fill([null, 3]));
  });
});

test('threads that may still start count as places: maxThreads', async () => {
  const gate = new Gate();
  const options = { minThreads: 0, maxThreads: 2, maxQueue: 0, workerData: gate.workerData };
  await withPool([2, gateFile, options], async (pool) => {
    const running = [1, 2].map(() => outcomeOf(pool, { hold: 1 }));
    assert.equal(await code(outcomeOf(pool, {})), FULL);
    await gate.reached(2);
    assert.equal(await code(outcomeOf(pool, {})), FULL);
    gate.open();
    await Promise.all(running);
    assert.equal(await code(outcomeOf(pool, {})), 'none');
  });
});

test('a callback may submit into its own free place', async () => {
  await withPool([1, undefined, { maxQueue: 0 }], async (pool) => {
    const codes = await new Promise((resolve) => {
      const seen = [];
      const next = (err) => {
        if (seen.push(err?.code ?? 'none') === 100) resolve(seen);
        else pool.runTask({ a: 1, b: 2 }, next);
      };
      pool.runTask({ a: 1, b: 2 }, next);
    });
    assert.deepEqual(codes, Array(100).fill('none'));
  });
});

test('aborting a waiting task makes room', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { maxQueue: 1, workerData: gate.workerData }], async (pool) => {
    const running = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const controller = new AbortController();
    const aborted = outcomeOf(pool, {}, { signal: controller.signal });
    assert.equal(await code(outcomeOf(pool, {})), FULL);
    controller.abort();
    assert.equal(await code(aborted), 'ABORT_ERR');
    const next = outcomeOf(pool, { value: 'next' });
    gate.open();
    await running;
    assert.deepEqual(await next, [null, 'next']);
  });
});

test('a task refused for another reason takes no room', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { maxQueue: 1, workerData: gate.workerData }], async (pool) => {
    const running = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    for (let i = 0; i < 5; i++) {
      assert.equal(await code(outcomeOf(pool, () => {})), 'ERR_WORKER_POOL_NOT_CLONEABLE');
      assert.equal(await code(outcomeOf(pool, 1, { signal: AbortSignal.abort() })), 'ABORT_ERR');
      assert.throws(() => pool.runTask(1, { timeout: -1 }, () => {}));
    }
    const waiting = outcomeOf(pool, { value: 'waits' });
    gate.open();
    assert.deepEqual(await Promise.all([running, waiting]), [
      [null, undefined],
      [null, 'waits'],
    ]);
  });
});
