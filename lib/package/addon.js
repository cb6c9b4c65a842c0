'use strict';

// The addon, or why there is none. A missing or unloadable binary is no error here but a fact to
// report (`engine().native`): context works without it.

const path = require('node:path');
const { variable } = require('./environment.js');
const { createRequire } = require('./module-class.js');

/** @typedef {typeof import('../../native.js')} Addon */
/** @typedef {InstanceType<Addon['NativePool']>} NativePool */

/** @typedef {Error & { code: string }} Refusal  why there is none; it has no stack */
/**
 * @typedef {{ addon: Addon, file: string, refusal: undefined }
 *   | { addon: undefined, file: undefined, refusal: Refusal }} Loaded
 */

// Names another binary: for a platform without a package, or an executable that contains this one.
const VARIABLE = 'ASYNC_HOOKS_RS_ADDON';

/** @type {Loaded | undefined} */
let loaded;
/** @type {string | undefined} */
let chosen;

/**
 * The path of the binary that the program has chosen; `undefined` if it is the package's.
 */
function chosenAddon() {
  const file = chosen ?? variable(VARIABLE);
  return file === undefined || file === '' ? undefined : path.resolve(file);
}

/**
 * Has this thread load the binary of another one, whatever its own environment says: both speak a
 * protocol of their own.
 *
 * @param {string} file
 */
function chooseAddon(file) {
  chosen = file;
}

/**
 * Loads the addon at the first call: that takes as long as all of the JavaScript together, and
 * most engines do without.
 *
 * @returns {Loaded}
 */
function loadAddon() {
  loaded ??= given() ?? require('./binary.js').load(chosenAddon());
  return loaded;
}

/**
 * The binary of another thread. What is wrong with it is found out by load().
 *
 * @returns {Loaded | undefined}
 */
function given() {
  if (chosen === undefined) return undefined;
  try {
    return { addon: createRequire(chosen)(chosen), file: chosen, refusal: undefined };
  } catch {
    return undefined;
  }
}

/** The path of the binary that this thread has loaded. */
function addonFile() {
  return loadAddon().file;
}

module.exports = { addonFile, chooseAddon, loadAddon };
