'use strict';

// The files of this package. They are not the program's, but its tests and examples in a checkout
// are like those of any other.

const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { packageFiles } = require('../package/files.js');

const PROGRAMS = ['__test__', 'benchmark', 'crates', 'examples', 'node_modules'];

const folder = packageFiles().files?.folder;

/** @param {string} file  an absolute path */
function isOurs(file) {
  if (folder === undefined || !file.startsWith(folder + path.sep)) return false;
  const [first] = path.relative(folder, file).split(path.sep);
  return !PROGRAMS.includes(first);
}

/**
 * An absolute path.
 *
 * @param {string} file  a path or a URL
 */
function pathOf(file) {
  try {
    return path.resolve(file.startsWith('file:') ? fileURLToPath(file) : file);
  } catch {
    return file;
  }
}

module.exports = { isOurs, pathOf };
