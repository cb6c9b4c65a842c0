'use strict';

// The addon, without which there is no pool: it schedules and transports.

const fs = require('node:fs');
const { native: load } = require('../package/addon.js');
const { useShapes } = require('./index.js');
const { bundled, unavailable } = require('../errors/pool.js');
const { packageFiles } = require('../package/files.js');

let addon;

/** The addon; throws ERR_WORKER_POOL_UNAVAILABLE if it, or the workers' program, is missing. */
function native() {
  if (addon === undefined) {
    const { files, reason } = packageFiles();
    if (files === undefined) throw bundled(reason);
    const loaded = load();
    if (loaded.addon === undefined) throw unavailable(loaded.reason);
    // Here and not in the worker, whose error would be taken for one of the processor.
    const { workerProgram } = files;
    if (!fs.existsSync(workerProgram)) throw unavailable(`there is no file ${workerProgram}`);
    addon = loaded.addon;
  }
  return addon;
}

let first;

/**
 * To be called when this thread has opened a pool: from then on the shapes of objects stay, and
 * those that it knows from earlier pools may be gone.
 */
function renewShapes() {
  const now = addon.firstShape();
  if (now === first) return;
  first = now;
  useShapes({ id: addon.shapeId, keys: addon.shapeKeys, first });
}

module.exports = { native, renewShapes };
