'use strict';

// Finds and loads the addon's binary. In a checkout, and in a package that was installed from a
// repository, it lies beside package.json. An installed package has none: its platform's binary is
// in a package of its own, one of the optional dependencies.

const fs = require('node:fs');
const path = require('node:path');
const errors = require('../errors/addon.js');
const { NAME, VERSION, manifestAt, packageFiles, requirePath } = require('./files.js');
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
  return fs.existsSync(built) ? built : installed(files, target);
}

/**
 * Read and not loaded: Node takes three times as long to find and load each file.
 *
 * @param {import('./files.js').Files} files
 * @param {string} target
 */
function installed(files, target) {
  const name = `${NAME}-${target}`;
  return beside(files.folder, name) ?? found(files.platforms, name, target);
}

/**
 * Where package managers put it, in the same folder. Another version there may not be the one that
 * Node's rules find.
 *
 * @param {string} folder
 * @param {string} name
 */
function beside(folder, name) {
  const modules = path.dirname(folder);
  if (path.basename(modules) !== 'node_modules') return undefined;
  const place = path.join(modules, name);
  const manifest = manifestAt(place);
  return manifest?.version === VERSION ? path.join(place, manifest.main) : undefined;
}

/**
 * By Node's rules.
 *
 * @param {string} file  what names each platform's package
 * @param {string} name
 * @param {string} target
 */
function found(file, name, target) {
  const place = placeOf(file, name);
  if (place === undefined) {
    const known = Object.keys(requirePath(file));
    throw known.includes(target) ? errors.missing(name, VERSION) : errors.noPlatform(target, known);
  }
  const { version, main } = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
  // Both parts speak a protocol of their own, which differs between versions.
  if (version !== VERSION) throw errors.wrongVersion(name, version, VERSION);
  return path.join(place, main);
}

/**
 * The folder of the package `name`, as `file` finds it.
 *
 * @param {string} file
 * @param {string} name
 */
function placeOf(file, name) {
  try {
    return path.dirname(createRequire(file).resolve(`${name}/package.json`));
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
