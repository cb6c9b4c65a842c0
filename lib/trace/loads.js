'use strict';

// How often files were loaded: one whose entry in the cache was deleted is loaded once more.

/** @type {Map<string, number>} */
const loads = new Map();

/** @param {string} file  path or URL, as V8 calls it */
function noteLoad(file) {
  loads.set(file, loadsOf(file) + 1);
}

/** @param {string} file */
function loadsOf(file) {
  return loads.get(file) ?? 0;
}

module.exports = { loadsOf, noteLoad };
