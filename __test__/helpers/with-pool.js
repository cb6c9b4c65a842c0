'use strict';

// Short ways to use a pool in a test, each of which leaves nothing behind.

const path = require('node:path');
const { WorkerPool } = require('../../index.js');

/** The path of a processor file under fixtures/pool. */
const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'pool', name);

/** Calls `body(pool)` with a new pool, and closes that whatever happens. */
async function withPool([numThreads, processor, options], body) {
  const pool = new WorkerPool(numThreads, processor, options);
  try {
    return await body(pool);
  } finally {
    await pool.close();
  }
}

/**
 * Submits a task with `runTask()`; gives `[err, result]` as the callback received them. A callback
 * that is called a second time throws, which ends the test.
 */
function outcomeOf(pool, task, ...options) {
  return new Promise((resolve) => {
    let calls = 0;
    pool.runTask(task, ...options, (err, result) => {
      if (++calls > 1) throw new Error(`callback number ${calls} of one task`);
      resolve([err, result]);
    });
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Some turns of the event loop, for what must not happen to happen. */
async function turns(count = 5) {
  for (let i = 0; i < count; i++) await turn();
}

/** Waits until the condition holds, for what cannot be waited for otherwise. */
async function until(condition, seconds = 20) {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/**
 * The next values of the event 'message', `enough` when there are `count` of them. Keeps the
 * process alive, which a pool without tasks does not.
 */
function messages(pool, count) {
  const values = [];
  const enough = new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      reject(new Error(`${values.length} messages instead of ${count}`));
    }, 20_000);
    pool.on('message', (...args) => {
      if (args.length !== 1) reject(new Error(`${args.length} arguments`));
      if (values.push(args[0]) < count) return;
      clearTimeout(deadline);
      resolve(values);
    });
  });
  return { values, enough };
}

module.exports = { WorkerPool, fixture, withPool, outcomeOf, turns, until, messages };
