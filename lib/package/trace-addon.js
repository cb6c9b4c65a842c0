'use strict';

// The addon of the finder of lost context. It is large, so nothing else loads it. In a checkout it
// lies beside package.json once it was built; an installed package has it beside the main addon, in
// its platform's package.

const fs = require('node:fs');
const path = require('node:path');
const { addonFile } = require('./addon.js');
const { NAME, packageFiles, requirePath } = require('./files.js');
const { currentTarget } = require('./target.js');
const { unavailable } = require('../errors/trace-addon.js');

/** @typedef {import('./trace-native.js').TraceAddon} TraceAddon */

/** @type {TraceAddon | undefined} */
let loaded;

/**
 * The finder's addon; throws ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE if there is none.
 *
 * @returns {TraceAddon}
 */
function loadTraceAddon() {
  loaded ??= load();
  return loaded;
}

/** @returns {TraceAddon} */
function load() {
  const name = `${NAME}-trace.${currentTarget()}.node`;
  const { files } = packageFiles();
  const places = [files?.folder, mainAddonFolder()].filter((folder) => folder !== undefined);
  const file = places.map((folder) => path.join(folder, name)).find((place) => exists(place));
  if (file === undefined) throw unavailable(`needs its addon ${name}, ${missing(files?.folder)}`);
  try {
    return requirePath(file);
  } catch (error) {
    const [reason] = String(/** @type {Error} */ (error).message).split('\n', 1);
    throw unavailable(`cannot load its addon ${file}: ${reason}`, error);
  }
}

function mainAddonFolder() {
  const file = addonFile();
  return file === undefined ? undefined : path.dirname(file);
}

/** @param {string} file */
function exists(file) {
  try {
    return fs.existsSync(file);
  } catch {
    return false; // Deno does not let us look
  }
}

/**
 * A checkout has the sources to build it from.
 *
 * @param {string | undefined} folder  of the package
 */
function missing(folder) {
  return folder !== undefined && exists(path.join(folder, 'crates', 'trace'))
    ? 'which "npm run build:trace" builds'
    : `which the package ${NAME}-${currentTarget()} has: "npm install --include=optional" adds it`;
}

module.exports = { loadTraceAddon };
