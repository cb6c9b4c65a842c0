'use strict';

// The addon for the pool, which does not work without: it schedules and transports.

const fs = require('node:fs');
const { loadAddon } = require('./addon.js');
const { packageFiles } = require('./files.js');
const { bundled, unavailable } = require('../errors/pool.js');

/** @type {import('./addon.js').Addon | undefined} */
let required;

/** The addon; throws ERR_WORKER_POOL_UNAVAILABLE if it, or the workers' program, is missing. */
function requireAddon() {
  if (required === undefined) {
    const { files, reason } = packageFiles();
    if (files === undefined) throw bundled(reason);
    const loaded = loadAddon();
    if (loaded.addon === undefined) throw unavailable(loaded.reason);
    // Here and not in the worker, whose error would be taken for one of the processor.
    const { workerProgram } = files;
    if (!fs.existsSync(workerProgram)) throw unavailable(`there is no file ${workerProgram}`);
    required = loaded.addon;
  }
  return required;
}

module.exports = { requireAddon };
