'use strict';

const { fixture, withPool } = require('./with-pool.js');

/** Calls `body` with a pool of fixtures/pool/several-at-once.js. */
const withSeveral = (threads, tasksPerWorker, body, options) =>
  withPool([threads, fixture('several-at-once.js'), { tasksPerWorker, ...options }], body);

/**
 * Submits a task: `begun` when it has begun, and `outcome`, `[err, result]`, when it has ended.
 */
function submit(pool, task, options) {
  let tell;
  const begun = new Promise((resolve) => {
    tell = resolve;
  });
  const outcome = pool.run(task, { ...options, onProgress: tell }).then(
    (result) => [null, result],
    (err) => [err, null],
  );
  return { begun, outcome };
}

/** Submits so many tasks that wait for `release()`. */
const submitHeld = (pool, count, options) =>
  Array.from({ length: count }, (_, value) => submit(pool, { action: 'hold', value }, options));

/** When all of them have begun. */
const allBegun = (tasks) => Promise.all(tasks.map(({ begun }) => begun));

/** The results of all. */
async function results(tasks) {
  const outcomes = await Promise.all(tasks.map(({ outcome }) => outcome));
  return outcomes.map(([err, result]) => {
    if (err !== null) throw err;
    return result;
  });
}

/** Lets those tasks end that are held. */
const release = (pool) => pool.broadcast(null);

module.exports = { allBegun, release, results, submit, submitHeld, withSeveral };
