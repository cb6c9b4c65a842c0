'use strict';

// The program behind '--': the file that is run, found as a shell finds it, and why there is none.

const fs = require('node:fs');
const path = require('node:path');
const { UsageError } = require('../usage.js');
const { batchArguments } = require('./batch.js');

const isWindows = process.platform === 'win32';

const SCRIPT = /\.[cm]?[jt]sx?$/i;
const BATCH = /\.(?:cmd|bat)$/i;
// What Windows runs, if the variable does not say.
const PATHEXT = '.COM;.EXE;.BAT;.CMD';

/**
 * What spawn() takes.
 *
 * @typedef {object} Program
 * @property {string} name  as it was given
 * @property {string} file
 * @property {string[]} args
 * @property {boolean} verbatim  the arguments are quoted already, for Windows
 */

/**
 * Throws a UsageError if there is nothing to run.
 *
 * @param {string[]} program
 * @returns {Program}
 */
function findProgram([name, ...args]) {
  const file = find(name);
  if (!BATCH.test(file) || !isWindows) return { name, file, args, verbatim: false };
  const shell = process.env.ComSpec ?? 'cmd.exe';
  return { name, file: shell, args: batchArguments(file, args), verbatim: true };
}

/** @param {string} name */
function find(name) {
  const isPath = name.includes('/') || (isWindows && name.includes('\\'));
  const places = isPath ? [path.resolve(name)] : searched().map((at) => path.join(at, name));
  const candidates = places.flatMap((place) => endings(name).map((end) => `${place}${end}`));
  return candidates.find(isProgram) ?? refuse(name, isPath);
}

/** The folders of PATH. An empty one is the working directory. */
function searched() {
  return (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.resolve(folder));
}

/**
 * What may follow a name to make it that of a program.
 *
 * @param {string} name
 */
function endings(name) {
  if (!isWindows) return [''];
  const known = (process.env.PATHEXT ?? PATHEXT).split(';');
  const isWhole = known.some((end) => name.toUpperCase().endsWith(end.toUpperCase()));
  return isWhole ? [''] : known;
}

/** @param {string} file */
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {string} name
 * @param {boolean} isPath
 * @returns {never}
 */
function refuse(name, isPath) {
  const found = fs.existsSync(name);
  if (found && SCRIPT.test(name)) {
    throw new UsageError(`'${name}' is no program, but one for Node: expected '-- node ${name}'`);
  }
  if (!isPath) {
    throw new UsageError(`there is no program '${name}' in the folders of PATH`);
  }
  if (!found) throw new UsageError(`there is no file '${name}'`);
  const isFolder = fs.statSync(name).isDirectory();
  throw new UsageError(
    `'${name}' ${isFolder ? 'is a folder' : 'is not executable'}: expected a program`,
  );
}

module.exports = { findProgram };
