'use strict';

// Runs an example in a process of its own and says what is wrong with its outcome.

const { execFile } = require('node:child_process');
const path = require('node:path');
const { folder, inDocumentedOrder } = require('./documented.js');

// Every example ends by itself in less than a second; this one hangs.
const TIMEOUT = 60_000;

/**
 * On the same Node, with the same flags and environment.
 *
 * @typedef {{ code: number | null, signal: string | null, stdout: string, stderr: string }} Outcome
 *
 * @param {string} file  its name in the folder of the examples
 * @returns {Promise<Outcome>}
 */
function runExample(file) {
  return new Promise((resolve) => {
    const args = [...process.execArgv, path.join(folder, file)];
    const options = { timeout: TIMEOUT };
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const { exitCode: code, signalCode: signal } = child;
      resolve({ code, signal, stdout: inDocumentedOrder(file, stdout), stderr });
    });
  });
}

/** What differs from the documented outcome, in words; `undefined` if nothing does. */
function difference(expected, { code, signal, stdout, stderr }) {
  if (signal !== null) return `ended by ${signal}\n${stderr}`;
  if (code !== 0) return `exit code ${code}\n${stderr}`;
  if (stderr !== '') return `printed to stderr:\n${stderr}`;
  if (stdout === expected) return undefined;
  return `documented:\n${expected}printed:\n${stdout}`;
}

module.exports = { runExample, difference };
