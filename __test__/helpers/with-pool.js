'use strict';

// Shortcuts to use a pool in a test; each leaves nothing behind.

const path = require('node:path');
const { WorkerPool } = require('../../index.js');
require('./time-limit.js');

/** The path of a processor file under fixtures/pool. */
const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'pool', name);

/** Calls `body(pool)` with a new pool, and always closes that pool. */
async function withPool([numThreads, processor, options], body) {
  const pool = new WorkerPool(numThreads, processor, options);
  try {
    return await body(pool);
  } finally {
    await pool.close();
  }
}

/**
 * Submits a task with `runTask()`; returns `[err, result]` as the callback received them. A second
 * call of the callback throws, which ends the test.
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

/** Some turns of the event loop, so that unwanted events can happen. */
async function turns(count = 5) {
  for (let i = 0; i < count; i++) await turn();
}

/** Waits until the condition holds, if there is no event to wait for. */
async function until(condition, seconds = 60) {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/**
 * The next values of the event 'message'; `enough` is fulfilled after `count` of them. Keeps the
 * process alive, which a pool without tasks does not.
 */
function messages(pool, count) {
  const values = [];
  const ids = [];
  const enough = new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      reject(new Error(`${values.length} messages instead of ${count}`));
    }, 60_000);
    pool.on('message', (value, id, ...others) => {
      if (others.length > 0) reject(new Error('too many arguments'));
      ids.push(id);
      if (values.push(value) < count) return;
      clearTimeout(deadline);
      resolve(values);
    });
  });
  return { values, ids, enough };
}

module.exports = { WorkerPool, fixture, withPool, outcomeOf, turns, until, messages };
