'use strict';

// Finds and loads the addon's binary. In a checkout, and in a package that was installed from a
// repository, it lies beside package.json. An installed package has none: its platform's binary is
// in a package of its own, one of the optional dependencies.

const fs = require('node:fs');
const path = require('node:path');
const errors = require('../errors/addon.js');
const { NAME, VERSION, packageFiles, requirePath } = require('./files.js');
const { createRequire } = require('./module-class.js');
const { currentTarget } = require('./target.js');

const REFUSED_BY_DENO = /^Requires \w+ access to /;
const DENO_PERMISSIONS = '--allow-read and --allow-ffi';

/**
 * @param {string | undefined} chosen  the path of another binary than the package's
 * @returns {import('./addon.js').Loaded}
 */
function load(chosen) {
  try {
    const file = chosen ?? binary();
    return { addon: requirePath(file), file, refusal: undefined };
  } catch (thrown) {
    const error = /** @type {import('./addon.js').Refusal} */ (thrown);
    return {
      addon: undefined,
      file: undefined,
      refusal: errors.isRefusal(error) ? error : notLoaded(error),
    };
  }
}

/** The path of the package's own. */
function binary() {
  const { files, reason } = packageFiles();
  if (files === undefined) throw errors.bundled(reason);
  const target = currentTarget();
  const built = path.join(files.folder, `${NAME}.${target}.node`);
  return fs.existsSync(built) ? built : installed(files.platforms, target);
}

/**
 * Read and not loaded: Node takes three times as long to find and load each file.
 *
 * @param {string} file  what names each platform's package
 * @param {string} target
 */
function installed(file, target) {
  const name = `${NAME}-${target}`;
  const place = manifestPlace(file, name);
  if (place === undefined) {
    const known = Object.keys(requirePath(file));
    throw known.includes(target) ? errors.missing(name, VERSION) : errors.noPlatform(target, known);
  }
  const { version, main } = JSON.parse(fs.readFileSync(place, 'utf8'));
  // Both parts speak a protocol of their own, which differs between versions.
  if (version !== VERSION) throw errors.wrongVersion(name, version, VERSION);
  return path.join(path.dirname(place), main);
}

/**
 * The manifest of the package `name`, as `file` finds it.
 *
 * @param {string} file
 * @param {string} name
 */
function manifestPlace(file, name) {
  try {
    return createRequire(file).resolve(`${name}/package.json`);
  } catch (error) {
    // Deno does not let us look.
    if (/** @type {Error} */ (error).name === 'NotCapable') throw error;
    return undefined;
  }
}

/**
 * Deno names one permission at a time, that of the first step that was refused.
 *
 * @param {Error} error
 */
function notLoaded(error) {
  const [reason] = String(error.message).split('\n', 1);
  return errors.notLoaded(
    REFUSED_BY_DENO.test(reason) ? `${reason} (it takes ${DENO_PERMISSIONS})` : reason,
    error,
  );
}

module.exports = { load };
