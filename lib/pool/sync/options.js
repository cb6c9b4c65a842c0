'use strict';

// The options of `pool.runSync()`.

const { invalidArgType } = require('../../errors/pool.js');
const { taskOptions } = require('../tasks/options.js');

const EXPECTED = 'undefined: no event reaches the thread that waits in runSync()';

/**
 * Those of a task, checked and completed, without what this thread could not hear.
 *
 * @param {unknown} options
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function syncOptions(options, isNative) {
  const checked = taskOptions(options, isNative);
  const { signal, onProgress } = checked;
  if (signal !== undefined) throw invalidArgType('options.signal', EXPECTED, signal);
  if (onProgress !== undefined) throw invalidArgType('options.onProgress', EXPECTED, onProgress);
  return checked;
}

module.exports = { syncOptions };
