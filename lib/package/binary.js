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
    const addon = chosen === undefined ? binary() : requirePath(chosen);
    return { addon, refusal: undefined };
  } catch (thrown) {
    const error = /** @type {import('./addon.js').Refusal} */ (thrown);
    return { addon: undefined, refusal: errors.isRefusal(error) ? error : notLoaded(error) };
  }
}

function binary() {
  const { files, reason } = packageFiles();
  if (files === undefined) throw errors.bundled(reason);
  const target = currentTarget();
  const built = path.join(files.folder, `${NAME}.${target}.node`);
  return fs.existsSync(built) ? requirePath(built) : installed(files.platforms, target);
}

/**
 * @param {string} file  what loads each platform's package
 * @param {string} target
 */
function installed(file, target) {
  const platforms = requirePath(file);
  if (!Object.hasOwn(platforms, target)) throw errors.noPlatform(target, Object.keys(platforms));
  const name = `${NAME}-${target}`;
  const { version } = manifest(file, name);
  // Both parts speak a protocol of their own, which differs between versions.
  if (version !== VERSION) throw errors.wrongVersion(name, version, VERSION);
  return platforms[target]();
}

/**
 * The manifest of the package `name`, as `file` finds it.
 *
 * @param {string} file
 * @param {string} name
 */
function manifest(file, name) {
  const requireThere = createRequire(file);
  let place;
  try {
    place = requireThere.resolve(`${name}/package.json`);
  } catch (error) {
    // Deno does not let us look.
    if (/** @type {Error} */ (error).name === 'NotCapable') throw error;
    throw errors.missing(name, VERSION);
  }
  return requireThere(place);
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
