'use strict';

// The addon of a worker: the one that the thread of its pool has.

const { noAddon } = require('../errors/pool.js');
const { chooseAddon, loadAddon } = require('../package/addon.js');

/** @param {string} file  the binary of the thread that has the pool */
function loadedFrom(file) {
  chooseAddon(file);
  const { addon, refusal } = loadAddon();
  if (addon === undefined) throw noAddon(refusal);
  return addon;
}

module.exports = { loadedFrom };
