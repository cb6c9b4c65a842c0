'use strict';

// The failures of a processor that lacks what it is asked for. Most are made in a worker.

const { coded, withoutStack } = require('./coded.js');
const { codes } = require('./pool.js');

/**
 * The file is not a processor. Thrown in the worker, where it is the end.
 *
 * @param {string | undefined} file
 * @param {string} message
 */
function notAProcessor(file, message) {
  return coded(
    TypeError,
    codes.PROCESSOR,
    `Expected the processor ${file} to export a function as its default, ` +
      `or to listen for 'message' events of parentPort; ${message}`,
    notAProcessor,
  );
}

/**
 * The processor has no function of the name that a task asks for.
 *
 * @param {string} file
 * @param {string} name
 * @param {string[]} known
 */
function exportUnknown(file, name, known) {
  return withoutStack(
    RangeError,
    codes.EXPORT_UNKNOWN,
    `The processor ${file} exports no function ${JSON.stringify(name)}. ` +
      `Its functions are: ${known.join(', ')}`,
  );
}

/**
 * A task asks for an export, and the processor listens for messages.
 *
 * @param {string} name
 */
function exportOfListener(name) {
  return withoutStack(
    TypeError,
    codes.NO_EXPORTS,
    `The export ${JSON.stringify(name)} cannot be called: ` +
      "the processor listens for 'message' events of parentPort",
  );
}

/** An export, where no file has any. */
function exportOfNative() {
  return withoutStack(
    RangeError,
    codes.OUT_OF_RANGE,
    'The value of "options.export" is out of range. It must be undefined in a pool with a native ' +
      'processor: only a JavaScript file has exports',
  );
}

module.exports = { notAProcessor, exportUnknown, exportOfListener, exportOfNative };
