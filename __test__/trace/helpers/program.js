'use strict';

// Runs a program that a test has as text, in a folder of its own, with the finder as a preload.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { testEnvironment } = require('../../../scripts/test-environment.js');

const root = path.resolve(__dirname, '..', '..', '..');
const TRACE = path.join(root, 'trace.js');
const REGISTER = path.join(root, 'register.js');
const TIME_LIMIT = 60_000;

/** Begins every program: a storage, and what a program without contexts calls functions with. */
const START = `
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const assert = require('node:assert/strict');
const storage = new AsyncLocalStorage();
const later = (fn) => waiting.push(fn);
const waiting = [];
setImmediate(() => setImmediate(() => { for (const fn of waiting) fn(); }));
`;

/**
 * @typedef {object} How
 * @property {string} [name]  of the file
 * @property {Record<string, string>} [files]  others, by their names
 * @property {object} [options]  of the finder, as the command hands them over
 * @property {string[]} [args]  for Node; the finder as a preload if there are none
 * @property {Record<string, string>} [env]
 * @property {(child: import('node:child_process').ChildProcess) => void} [started]
 */

/**
 * @param {string} source
 * @param {How} [how]
 */
async function run(source, how = {}) {
  const { name = 'program.js', files = {}, options, args = ['--require', TRACE], env } = how;
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-trace-')));
  try {
    for (const [file, text] of Object.entries({ ...files, [name]: source })) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    const dir = path.join(folder, 'reports');
    fs.mkdirSync(dir);
    const variable =
      options === undefined ? {} : { ASYNC_HOOKS_RS_TRACE: JSON.stringify({ ...options, dir }) };
    const child = spawn(process.execPath, [...args, name], {
      cwd: folder,
      env: testEnvironment({ ...variable, ...env }),
      timeout: TIME_LIMIT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    how.started?.(child);
    const [code, signal] = await once(child, 'close');
    const lines = linesIn(dir);
    const reports = lines.filter(({ type }) => type === 'report').map(({ report }) => report);
    const findings = reports.flatMap((report) => report.findings);
    return { code, signal, stdout, stderr, lines, reports, findings, folder };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function linesIn(dir) {
  return fs
    .readdirSync(dir)
    .flatMap((file) => fs.readFileSync(path.join(dir, file), 'utf8').split('\n'))
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** As `run()`, with a report that the test reads. */
const traced = (source, how = {}) => run(source, { options: { quiet: true }, ...how });

/** The certain findings, in short: kind, rule, and the line of the read. */
const certain = ({ findings }) =>
  findings
    .filter((finding) => finding.certain)
    .map(({ kind, rule, read }) => `${kind} ${rule} ${read.line}`);

/** The number of the first line that has the text. */
const lineOf = (source, text) => source.split('\n').findIndex((line) => line.includes(text)) + 1;

module.exports = { REGISTER, START, TRACE, certain, lineOf, root, run, traced };
