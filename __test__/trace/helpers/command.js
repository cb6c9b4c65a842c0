'use strict';

// Runs `async-hooks-rs trace`.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { testEnvironment } = require('../../../scripts/test-environment.js');
const { Lines } = require('../../helpers/lines.js');

const root = path.resolve(__dirname, '..', '..', '..');
const BIN = path.join(root, 'bin', 'async-hooks-rs.js');

/** The environment, in which `node` is the Node that runs the tests. */
function environment(changes) {
  const PATH = [path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  return testEnvironment({ PATH, NO_COLOR: '1', ...changes });
}

/**
 * Starts the command: `args` are its options, and the program behind '--'.
 *
 * @param {string[]} args
 */
function startTrace(args, { bin = BIN, cwd = root, env = {} } = {}) {
  const child = spawn(process.execPath, [bin, 'trace', ...args], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  const lines = { stdout: new Lines(child.stdout), stderr: new Lines(child.stderr) };
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }));
  const early = ended.then(() => {
    throw new Error(`the command has ended: ${output.stdout}${output.stderr}`);
  });
  early.catch(() => {});
  /** Waits for a line of a stream. */
  const line = (name, test) => Promise.race([lines[name].find(test), early]);
  return { child, line, ended };
}

/** Runs it to its end. */
function runTrace(args, options) {
  return startTrace(args, options).ended;
}

/** A folder that is removed after the test. */
function folderFor(t) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-test-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

module.exports = { environment, folderFor, root, runTrace, startTrace };
