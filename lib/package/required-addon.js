'use strict';

// The addon for the pool, which does not work without: it schedules and transports.

const fs = require('node:fs');
const { loadAddon } = require('./addon.js');
const { packageFiles } = require('./files.js');
const { bundled, noAddon, noProgram } = require('../errors/pool.js');

/** @type {import('./addon.js').Addon | undefined} */
let required;

/**
 * The addon; throws ERR_WORKER_POOL_UNAVAILABLE if it is missing, or what `requireFiles()` looks
 * for.
 */
function requireAddon() {
  if (required === undefined) {
    requireFiles();
    required = loaded();
  }
  return required;
}

/** Throws ERR_WORKER_POOL_UNAVAILABLE if the workers' program is missing. */
function requireFiles() {
  const { files, reason } = packageFiles();
  if (files === undefined) throw bundled(reason);
  // Here and not in the worker, whose error would be taken for one of the processor.
  const { workerProgram } = files;
  if (!isThere(workerProgram)) throw noProgram(workerProgram);
}

/**
 * Deno may not let us look: then the addon cannot be loaded, which says what permissions it takes.
 *
 * @param {string} file
 */
function isThere(file) {
  try {
    return fs.existsSync(file);
  } catch {
    loaded();
    return false;
  }
}

function loaded() {
  const { addon, refusal } = loadAddon();
  if (addon === undefined) throw noAddon(refusal);
  return addon;
}

module.exports = { requireAddon, requireFiles };
