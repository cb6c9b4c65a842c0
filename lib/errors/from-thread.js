'use strict';

// The errors of a pool that are made in its threads.

const { lackStack } = require('./coded.js');
const { codes } = require('./pool.js');

/** @type {Set<unknown>} */
const ofThreads = new Set([
  codes.NATIVE_TASK,
  codes.NATIVE_PANIC,
  codes.NOT_CLONEABLE,
  codes.OUT_OF_MEMORY,
  codes.TRANSPORT,
  codes.EXPORT_UNKNOWN,
  codes.LOAD,
  codes.NO_EXPORTS,
  codes.NO_STREAM,
]);

/**
 * An error of the pool that was made in a thread: nobody's call is in its stack there.
 *
 * @param {unknown} error
 */
function fromThread(error) {
  if (!(error instanceof Error)) return;
  const { code, stack, message } =
    /** @type {{ code?: unknown, stack?: unknown, message: string }} */ (error);
  // That of the program's own may be anything.
  if (!ofThreads.has(code) || typeof stack !== 'string') return;
  // Its message may have lines like these: it says what a file threw.
  if (!stack.replace(message, '').includes('\n    at ')) lackStack(error);
}

module.exports = { fromThread };
