'use strict';

// The paths of the files that no bundle contains: the addon's, and the program of the pool's
// workers. They belong to the package that this file is in or, if this file was bundled, to the
// package that is installed where the bundle runs, if its version is the same.
//
// Bundlers must not follow these paths. Tools that copy what a program needs to run (@vercel/nft)
// must, so the paths are written out, relative to __dirname.

const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('./module-class.js');

const NAME = 'async-hooks-rs';
// As in package.json, which not every bundler can read.
const VERSION = '0.1.0';

// A bundle that is an ES module has neither.
const isScript = typeof __filename === 'string' && typeof __dirname === 'string';

/**
 * @typedef {object} Files  paths, of which the files need not exist
 * @property {string} folder  of the package
 * @property {string} platforms  what loads the addon from the platform's own package
 * @property {string} workerProgram
 */

/** @returns {Files} */
const beside = () => ({
  folder: path.join(__dirname, '..', '..'),
  platforms: path.join(__dirname, 'platforms.js'),
  workerProgram: path.join(__dirname, '..', 'worker', 'main.js'),
});

/**
 * A checkout has the sources, and perhaps an older build of them; a package has only the build.
 *
 * @param {string} folder
 * @returns {Files}
 */
const inFolder = (folder) => {
  const [lib, dist] = ['lib', 'dist'].map((name) => path.join(folder, name));
  const isSource = fs.existsSync(lib);
  return {
    folder,
    platforms: isSource
      ? path.join(lib, 'package', 'platforms.js')
      : path.join(dist, 'platforms.js'),
    workerProgram: isSource ? path.join(lib, 'worker', 'main.js') : path.join(dist, 'worker.js'),
  };
};

let located;

/** @returns {{ files: Files, reason: undefined } | { files: undefined, reason: string }} */
function packageFiles() {
  located ??= locate();
  return located;
}

function locate() {
  if (isScript && isPackage(path.join(__dirname, '..', '..'))) {
    return { files: beside(), reason: undefined };
  }
  const places = searched();
  for (const place of places) {
    const folder = folderFrom(place);
    if (folder === undefined) continue;
    const { version } = manifestAt(folder);
    if (version === VERSION) return { files: inFolder(folder), reason: undefined };
    return {
      files: undefined,
      reason:
        `it was bundled in version ${VERSION}, and the one ` +
        `installed in ${folder} is ${version}`,
    };
  }
  return {
    files: undefined,
    reason:
      'it was bundled, and is not installed where the bundle ' +
      `runs (searched from ${places.join(', ')})`,
  };
}

// The bundle, the program, and the working directory.
function searched() {
  const places = [isScript && __filename, process.argv[1], path.join(process.cwd(), 'index.js')];
  const known = /** @type {string[]} */ (places.filter(Boolean));
  return [...new Set(known.filter((place) => path.isAbsolute(place)))];
}

/** @param {string} place */
function folderFrom(place) {
  try {
    return path.dirname(createRequire(place).resolve(`${NAME}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * Without permission to look, in Deno, the package does not count as bundled: the first use of a
 * file then names the missing permission.
 *
 * @param {string} folder
 */
function isPackage(folder) {
  try {
    return manifestAt(folder)?.name === NAME;
  } catch {
    return true;
  }
}

/**
 * The manifest in a folder; `undefined` if there is none, or none that can be read.
 *
 * @param {string} folder
 */
function manifestAt(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    // Deno does not let us look.
    if (/** @type {Error} */ (error).name === 'NotCapable') throw error;
    return undefined;
  }
}

/**
 * `require()` of a path, which no bundler follows.
 *
 * @param {string} file
 */
function requirePath(file) {
  return createRequire(file)(file);
}

module.exports = { NAME, VERSION, manifestAt, packageFiles, requirePath };
