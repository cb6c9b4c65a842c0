'use strict';

// Whether a processor in the form of the documentation still listens, however its listener was
// added and removed: a listening worker gets the next task, any other is replaced.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

const TASKS = 6;
const forEver = [TASKS];
const once = Array(TASKS).fill(1);
const twice = Array(TASKS / 2).fill(2);

const ways = [
  ['removeAllListeners() of another event', 'removeAllOfAnother', forEver],
  ['once(), off(), on()', 'onceOffOn', forEver],
  ['on(), and then once() with the same function', 'onOnce', forEver],
  ['once(), and then on() with the same function', 'onceOn', once],
  ['{ once: true }, removed, and added without', 'onceRemovedAgain', forEver],
  ['{ once: true }, and then without', 'onceTwice', once],
  ['with capture and without, one removed', 'capture', forEver],
  ['a signal that is aborted', 'signal', twice],
  ['a signal that was aborted before', 'aborted', once],
];

for (const [title, workerData, expected] of ways) {
  test(`${title}: how many tasks each worker takes`, async () => {
    await withPool([1, fixture('docs-listeners.js'), { workerData }], async (pool) => {
      const counts = new Map();
      for (let i = 0; i < TASKS; i++) {
        const thread = await pool.run(i);
        counts.set(thread, (counts.get(thread) ?? 0) + 1);
      }
      assert.deepEqual([...counts.values()], expected);
    });
  });
}
