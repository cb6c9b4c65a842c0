'use strict';

// The addon in a worker: the binary that the thread which has the pool has found.

const { noAddon } = require('../errors/pool.js');
const { chooseAddon, loadAddon } = require('../package/addon.js');

/**
 * Throws ERR_WORKER_POOL_UNAVAILABLE.
 *
 * @param {string} file
 */
function loadedFrom(file) {
  chooseAddon(file);
  const { addon, refusal } = loadAddon();
  if (addon === undefined) throw noAddon(refusal);
  return addon;
}

module.exports = { loadedFrom };
