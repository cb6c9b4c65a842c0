'use strict';

// Runs a program in a process of its own, on the same Node with the same flags and environment.

const { execFile } = require('node:child_process');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

/**
 * @param {string} source  CommonJS source; `require('async-hooks-rs')` is this package
 * @param {{ args?: string[], env?: object, timeout?: number }} [options]  timeout in ms
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string,
 *   stderr: string }>}
 */
function runScript(source, { args = [], env = {}, timeout = 60_000 } = {}) {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...process.execArgv, ...args, '-e', source],
      {
        cwd: root, // a package may require itself by name
        env: { ...process.env, ...env },
        timeout,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
  });
}

module.exports = { runScript };
