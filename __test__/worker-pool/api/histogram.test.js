'use strict';

// histogram(): the wait times and run times of tasks, in milliseconds.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const KEYS = ['count', 'min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99', 'p999'];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Throws unless the numbers are those of one distribution. */
function checkConsistent(summary, count) {
  assert.deepEqual(Object.keys(summary), KEYS);
  for (const key of KEYS) assert.ok(Number.isFinite(summary[key]) && summary[key] >= 0, key);
  const { min, max, mean, stddev, p50, p90, p99, p999 } = summary;
  assert.equal(summary.count, count);
  const ascending = [min, p50, p90, p99, p999, max];
  // A histogram keeps about three digits; the extremes may be rounded the other way.
  for (let i = 1; i < ascending.length; i++) {
    assert.ok(ascending[i - 1] <= ascending[i] * 1.01 + 1e-3, JSON.stringify(summary));
  }
  assert.ok(mean >= min * 0.99 && mean <= max * 1.01, JSON.stringify(summary));
  assert.ok(stddev <= max, JSON.stringify(summary));
}

test('an empty histogram has zeros', async () => {
  await withPool([1], (pool) => {
    const { waitTime, runTime, ...rest } = pool.histogram();
    assert.deepEqual(rest, {});
    for (const summary of [waitTime, runTime]) {
      assert.deepEqual(summary, Object.fromEntries(KEYS.map((key) => [key, 0])));
      assert.deepEqual(Object.keys(summary), KEYS);
    }
  });
});

for (const [kind, processor] of [
  ['native', undefined],
  ['function', fixture('function-echo.js')],
  ['documentation', fixture('docs-echo.js')],
]) {
  test(`${kind}: each task counts once`, async () => {
    await withPool([2, processor], async (pool) => {
      await Promise.all(Array.from({ length: 2000 }, () => pool.run({ a: 1, b: 2 })));
      const { waitTime, runTime } = pool.histogram();
      checkConsistent(waitTime, 2000);
      checkConsistent(runTime, 2000);
      assert.ok(waitTime.max > 0 && runTime.max > 0);
      assert.ok(runTime.max < 20_000);
    });
  });
}

test('the run time is that of the task, synchronous or asynchronous', async () => {
  await withPool([1, fixture('histogram-times.js')], async (pool) => {
    for (const how of ['busy', 'timer']) await pool.run({ how, ms: 60 });
    const { runTime } = pool.histogram();
    checkConsistent(runTime, 2);
    assert.ok(runTime.min >= 55 && runTime.max < 5000, JSON.stringify(runTime));
  });
});

test('the wait time is the time in the queue', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const others = Array.from({ length: 10 }, () => outcomeOf(pool, {}));
    await wait(80);
    gate.open();
    await Promise.all([first, ...others]);
    const { waitTime, runTime } = pool.histogram();
    checkConsistent(waitTime, 11);
    assert.ok(waitTime.p50 >= 75, JSON.stringify(waitTime));
    assert.ok(runTime.max >= 75, JSON.stringify(runTime)); // the first one's
    assert.ok(runTime.min < 75, JSON.stringify(runTime)); // one of the others' was not displaced
  });
});

test('percentiles show one slow task among many fast ones', async () => {
  await withPool([1, fixture('histogram-times.js')], async (pool) => {
    const tasks = Array.from({ length: 200 }, (_, i) => ({ how: 'busy', ms: i === 100 ? 100 : 0 }));
    await Promise.all(tasks.map((task) => pool.run(task)));
    const { runTime } = pool.histogram();
    checkConsistent(runTime, 200);
    assert.ok(runTime.max >= 95 && runTime.p999 >= 95 * 0.99, JSON.stringify(runTime));
    assert.ok(runTime.p50 < 50, JSON.stringify(runTime));
  });
});

test('each call returns a copy', async () => {
  await withPool([1], async (pool) => {
    await pool.run({ a: 1, b: 2 });
    const first = pool.histogram();
    first.runTime.count = 99;
    await pool.run({ a: 1, b: 2 });
    assert.equal(pool.histogram().runTime.count, 2);
    assert.equal(first.waitTime.count, 1);
  });
});

test('the histogram of a closed pool keeps its values', async () => {
  await withPool([1], async (pool) => {
    await pool.run({ a: 1, b: 2 });
    await pool.close();
    assert.equal(pool.histogram().runTime.count, 1);
  });
});
