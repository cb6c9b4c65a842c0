'use strict';

// The addon, or why there is none. A missing or unloadable binary is no error here but a fact to
// report (`engine().native`): context works without it.

/** @typedef {typeof import('../../native.js')} Addon */
/** @typedef {InstanceType<Addon['NativePool']>} NativePool */

/** @typedef {Error & { code: string }} Refusal  why there is none; it has no stack */
/**
 * @typedef {{ addon: Addon, refusal: undefined } | { addon: undefined, refusal: Refusal }} Loaded
 */

/** @type {Loaded | undefined} */
let loaded;

/**
 * Loads the addon at the first call: that takes as long as all of the JavaScript together, and
 * most engines do without.
 *
 * @returns {Loaded}
 */
function loadAddon() {
  loaded ??= require('./binary.js').load();
  return loaded;
}

module.exports = { loadAddon };
