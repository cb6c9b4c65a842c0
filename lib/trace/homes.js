'use strict';

// In which context functions have last run that belong there, by their sites: those that were made
// in it, and those that were made outside of all.

const { loadTraceAddon } = require('../package/trace-addon.js');

// A power of two.
const SIZE = 1 << 16;
const MASK = SIZE - 1;

/** Numbers of contexts; 0 for none. Several sites may share a slot. */
const homes = new Uint32Array(SIZE);

/**
 * Whether functions of a site have run where they belong in another context than this one.
 *
 * @param {number} site
 * @param {number} context
 */
function ranForOthers(site, context) {
  const last = homes[site & MASK];
  return last !== 0 && last !== context;
}

/**
 * Whether the function that makes those of a site has run in another context since it ran in this
 * one.
 *
 * @param {number} site
 * @param {number} context
 */
function ranElsewhere(site, context) {
  const around = loadTraceAddon().enclosing(site);
  return around !== 0 && ranForOthers(around, context);
}

module.exports = { MASK, homes, ranElsewhere, ranForOthers };
