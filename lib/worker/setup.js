'use strict';

// What a processor exports beside its function: `setup`, which is awaited before the thread takes
// tasks, and `teardown`, which is awaited before it ends.

const { threadId, workerData } = require('node:worker_threads');
const { setupFailed, teardownFailed } = require('../errors/processor.js');

// As it is now: a processor may put something else in its place.
const { exit, nextTick } = process;

/**
 * The exports, once they are there: what CommonJS exports may be a promise of them.
 *
 * @param {any} namespace
 */
function awaited(namespace) {
  const whole = namespace.default;
  if (typeof whole?.then !== 'function') return namespace;
  // A function with a `then` is one to call.
  if (typeof whole === 'function') return namespace;
  return Promise.resolve(whole).then((settled) => ({ __proto__: null, default: settled }));
}

/**
 * Rejects with an error that names the file.
 *
 * @param {Function} setup
 * @param {string} file
 */
async function setUp(setup, file) {
  try {
    await setup({ workerData, workerId: threadId });
  } catch (error) {
    throw setupFailed(file, error);
  }
}

/**
 * Tears down, one after the other, and ends the thread: by the first error, if there is one. Before
 * that `failed` is called with it: not every host reports its code and its cause.
 *
 * @param {{ teardown: Function | undefined, file: string }[]} processors
 * @param {(error: Error) => void} failed
 */
async function tearDown(processors, failed) {
  /** @type {Error[]} */
  const failures = [];
  for (const { teardown, file } of processors) {
    try {
      await teardown?.();
    } catch (error) {
      failures.push(teardownFailed(file, error));
    }
  }
  if (failures.length === 0) exit.call(process, 0);
  failed(failures[0]);
  nextTick(() => {
    throw failures[0];
  });
}

module.exports = { awaited, setUp, tearDown };
