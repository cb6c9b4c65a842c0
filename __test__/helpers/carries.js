'use strict';

// One shape of test: a callback sees the scope in which it was requested.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');

const storage = new AsyncLocalStorage();
const seen = () => storage.getStore();

/** The two ways into a scope; both return a promise of the result of `fn`. */
const ways = {
  run: async (store, fn) => storage.run(store, fn),
  enterWith: (store, fn) =>
    new Promise((resolve, reject) => {
      // In a callback of its own, whose end ends the scope.
      setImmediate(() => {
        storage.enterWith(store);
        try {
          resolve(fn());
        } catch (error) {
          reject(error);
        }
      });
    }),
};

/**
 * Calls `start(report)` in two scopes and in none, all three concurrently. `report(error?)` must be
 * called `times` times in each, always in the scope of its own start. The result of `start` is
 * awaited.
 */
async function assertCarried(start, { times = 1, way = 'run' } = {}) {
  const reports = { one: [], two: [], none: [] };
  const begin = (name) =>
    new Promise((resolve, reject) => {
      let finished;
      const enough = new Promise((found) => {
        finished = found;
      });
      const report = (error) => {
        if (error instanceof Error) reject(error);
        if (reports[name].push(seen()) === times) finished();
      };
      Promise.all([start(report), enough]).then(resolve, reject);
    });
  await Promise.all([
    ways[way]('one', () => begin('one')),
    ways[way]('two', () => begin('two')),
    begin('none'),
  ]);
  assert.deepEqual(reports, {
    one: Array(times).fill('one'),
    two: Array(times).fill('two'),
    none: Array(times).fill(undefined),
  });
  assert.equal(seen(), undefined);
}

/** A test of the above for each way into a scope. */
function carries(test, title, start, options) {
  for (const way of Object.keys(ways)) {
    test(`${title} (${way})`, () => assertCarried(start, { ...options, way }));
  }
}

module.exports = { storage, seen, ways, assertCarried, carries };
