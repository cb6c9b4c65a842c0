'use strict';

// Workers of a thread that is traced are traced, too, with the same options and in the same
// session, also those to which Node hands no preload down.

const path = require('node:path');
const { getEnvironmentData, setEnvironmentData } = require('node:worker_threads');
const { preloadIn, preloadOf } = require('../register/workers.js');
const { Replacements } = require('../register/replacements.js');
const { ENTRY } = require('./preload.js');

const KEY = 'async-hooks-rs.trace';

const PRELOAD = preloadOf(path.join(__dirname, 'worker-preload.js'), ENTRY);

/** @param {import('./options.js').Options} options */
function traceWorkers(options) {
  setEnvironmentData(KEY, { ...options });
  const threads = new Replacements('node:worker_threads', require('node:worker_threads'));
  threads.replace('Worker', preloadIn(threads.exports.Worker, PRELOAD));
  Replacements.publish();
}

/**
 * The options of the thread that has started this one, if it is traced.
 *
 * @returns {import('./options.js').Options | undefined}
 */
function inheritedOptions() {
  return /** @type {any} */ (getEnvironmentData(KEY));
}

module.exports = { PRELOAD, inheritedOptions, traceWorkers };
