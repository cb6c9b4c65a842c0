'use strict';

// The files of a report. That one cannot be written is found out before the program runs, which may
// take long.

const fs = require('node:fs');
const path = require('node:path');
const { UsageError } = require('../usage.js');

/**
 * Throws a UsageError if the file cannot be written.
 *
 * @param {string} option
 * @param {string} name  as it was given
 * @param {string} file
 */
function checkWritable(option, name, file) {
  const wrong = obstacle(file);
  if (wrong !== undefined) throw new UsageError(`--${option}: '${name}' ${wrong}`);
}

/** @param {string} file */
function obstacle(file) {
  const found = stat(file);
  if (found?.isDirectory()) return 'is a folder: expected a file';
  if (found !== undefined) return mayWrite(file) ? undefined : 'must not be written to';
  const folder = path.dirname(file);
  if (!stat(folder)?.isDirectory()) {
    return `cannot be made: there is no folder '${folder}'`;
  }
  return mayWrite(folder) ? undefined : `cannot be made: '${folder}' must not be written to`;
}

/** @param {string} place */
function stat(place) {
  try {
    return fs.statSync(place);
  } catch {
    return undefined;
  }
}

/** @param {string} place */
function mayWrite(place) {
  try {
    fs.accessSync(place, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Throws a UsageError if one of them cannot be written.
 *
 * @param {import('./arguments.js').Output[]} outputs
 */
function checkOutputs(outputs) {
  for (const { kind, name, file } of outputs) {
    if (file !== undefined) checkWritable(kind, name, file);
  }
}

/**
 * @param {import('./arguments.js').Output[]} outputs
 * @param {(kind: import('./arguments.js').Output['kind']) => string} render
 */
function writeOutputs(outputs, render) {
  for (const { kind, file } of outputs) {
    const rendered = render(kind);
    const text = rendered.endsWith('\n') ? rendered : `${rendered}\n`;
    if (file === undefined) process.stdout.on('error', ignoreClosed).write(text);
    else fs.writeFileSync(file, text);
  }
}

/**
 * Whoever read standard output, `head` for example, may have had enough of it.
 *
 * @param {Error & { code?: string }} error
 */
function ignoreClosed(error) {
  if (error.code !== 'EPIPE') throw error;
}

module.exports = { checkOutputs, checkWritable, writeOutputs };
