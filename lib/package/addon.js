'use strict';

// The addon, or why there is none. A missing or unloadable binary is no error here but a fact to
// report (`engine().native`): context works without it.

/** @typedef {typeof import('../../native.js')} Addon */
/** @typedef {InstanceType<Addon['NativePool']>} NativePool */

const REFUSED_BY_DENO = /^Requires \w+ access to /;
const DENO_PERMISSIONS = '--allow-env, --allow-read and --allow-ffi';

let loaded;

/**
 * Loads the addon at the first call: that takes as long as all of the JavaScript together, and
 * most engines do without.
 *
 * @returns {{ addon: Addon | undefined, reason: string | undefined }}
 */
function loadAddon() {
  loaded ??= load();
  return loaded;
}

function load() {
  const fs = require('node:fs');
  const { packageFiles, requirePath } = require('./files.js');
  try {
    const { files, reason } = packageFiles();
    if (files === undefined) return { addon: undefined, reason };
    if (!fs.existsSync(files.addon)) return { addon: undefined, reason: 'it was not built' };
    return { addon: requirePath(files.addon), reason: undefined };
  } catch (error) {
    return { addon: undefined, reason: rootCause(error) };
  }
}

/**
 * The generated loader tries one place after the other and chains what went wrong, the first try
 * last: that is the binary beside the package, the one that should be there.
 *
 * @param {any} error
 */
function rootCause(error) {
  while (error.cause instanceof Error) error = error.cause;
  const [reason] = String(error.message).split('\n', 1);
  // Deno names one permission at a time, that of the loader's first step that was refused.
  return REFUSED_BY_DENO.test(reason) ? `${reason} (it takes ${DENO_PERMISSIONS})` : reason;
}

module.exports = { loadAddon };
