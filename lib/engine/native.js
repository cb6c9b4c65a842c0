'use strict';

// The addon, or why there is none. Everything that needs it has a way without it, so a missing or
// unloadable binary is a fact to report (`engine().native`), not an error.

let loaded;

/**
 * Loads the addon at the first call: that takes as long as all of the JavaScript together, and
 * most engines do without.
 *
 * @returns {{ addon: object | undefined, reason: string | undefined }}
 */
function native() {
  loaded ??= load();
  return loaded;
}

function load() {
  try {
    return { addon: require('../../native.js'), reason: undefined };
  } catch (error) {
    const missing = error.code === 'MODULE_NOT_FOUND' && error.requireStack?.[0] === __filename;
    return { addon: undefined, reason: missing ? 'it was not built' : rootCause(error) };
  }
}

// The generated loader tries one place after the other and chains what went wrong, the first try
// last: that is the binary beside the package, the one that should be there.
function rootCause(error) {
  while (error.cause instanceof Error) error = error.cause;
  return String(error.message).split('\n', 1)[0];
}

module.exports = { native };
