'use strict';

// What happens to an iteration of map() while its source makes the iterator.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, turns, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

/** A source of 1 to 3, which calls `act` when it makes its iterator, and counts what is done. */
function sourceOf(act, counts) {
  return {
    [Symbol.iterator]() {
      counts.opened++;
      act();
      return {
        next() {
          counts.asked++;
          return { done: counts.asked > 3, value: counts.asked };
        },
        return() {
          counts.closed++;
          return { done: true, value: undefined };
        },
      };
    },
  };
}

const stops = {
  'the consumer returns': ({ results }) => void results.return(),
  'the consumer throws': ({ results }) => void results.throw(new Error('own')).catch(() => {}),
  'the signal is aborted': ({ controller }) => controller.abort(),
};

for (const [title, stop] of Object.entries(stops)) {
  test(`${title}: the iterator is closed, and asked for nothing`, async () => {
    await withPool([1, echo], async (pool) => {
      const counts = { opened: 0, asked: 0, closed: 0 };
      const controller = new AbortController();
      const iteration = { controller, results: undefined };
      const source = sourceOf(() => stop(iteration), counts);
      iteration.results = pool.map(source, { signal: controller.signal });
      const [first] = await Promise.allSettled([iteration.results.next()]);
      if (controller.signal.aborted) assert.equal(first.reason.code, 'ABORT_ERR');
      else assert.deepEqual(first.value, { done: true, value: undefined });
      await turns();
      assert.deepEqual(counts, { opened: 1, asked: 0, closed: 1 });
      assert.equal(pool.completed + pool.failed, 0);
    });
  });
}

test('the consumer asks for the next value: it has its place, and the source one iterator', async () => {
  await withPool([1, echo], async (pool) => {
    const counts = { opened: 0, asked: 0, closed: 0 };
    let second;
    const source = sourceOf(() => {
      second = results.next();
    }, counts);
    const results = pool.map(source);
    const values = [await results.next(), await second, await results.next()];
    assert.deepEqual(
      values.map(({ value }) => value),
      [1, 2, 3],
    );
    assert.equal((await results.next()).done, true);
    assert.equal(counts.opened, 1);
  });
});
