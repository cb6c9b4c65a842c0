'use strict';

// A run of the program under the tracer: what its processes are told by their environment, and what
// they leave in a folder. Each has a file there, `<pid>-<start>.jsonl`: a line for the process at
// its start, one for each finding as it comes, and one with the whole report at its end. A process
// that is killed leaves no last line, and what it had found. One that cannot be traced, because
// Node forbids it addons, for example, leaves a line with the reason.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** @typedef {import('./report.js').Report} Report */
/** @typedef {import('./report.js').Finding} Finding */

/**
 * What the processes have left.
 *
 * @typedef {object} Collected
 * @property {string[]} reports  as JSON
 * @property {number[]} running  processes that have not ended
 * @property {number[]} killed  processes that ended without their report
 * @property {{ pid: number, reason: string }[]} untraced  processes that could not be traced
 */

// Also lib/trace reads it.
const VARIABLE = 'ASYNC_HOOKS_RS_TRACE';
const FILE = /^(\d+)-(\d+)\.jsonl$/;

class Session {
  #folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'async-hooks-rs-trace-'));

  /**
   * The environment of the program.
   *
   * @param {string} preload  the tracer's file
   * @param {Record<string, unknown>} settings
   */
  environment(preload, settings) {
    const { NODE_OPTIONS: own = '' } = process.env;
    return {
      ...process.env,
      // First: what the user preloads is traced, too.
      NODE_OPTIONS: `--require ${quoted(preload)} ${own}`.trim(),
      [VARIABLE]: JSON.stringify({ ...settings, dir: this.#folder }),
    };
  }

  /**
   * Whether the process is traced.
   *
   * @param {number} pid
   */
  has(pid) {
    return this.#files().some(
      (file) =>
        file.pid === pid && readFile(path.join(this.#folder, file.name)).reason === undefined,
    );
  }

  /** @returns {Collected} */
  collect() {
    const files = this.#files();
    /** @type {Collected} */
    const collected = { reports: [], running: [], killed: [], untraced: [] };
    for (const { pid, name } of files) {
      const { started, report, findings, reason } = readFile(path.join(this.#folder, name));
      if (reason !== undefined) {
        collected.untraced.push({ pid, reason });
        continue;
      }
      if (report === undefined) (isRunning(pid) ? collected.running : collected.killed).push(pid);
      collected.reports.push(JSON.stringify(report ?? partial({ pid, ...started }, findings)));
    }
    return collected;
  }

  /** The files of the processes, in the order of their starts. */
  #files() {
    return fs
      .readdirSync(this.#folder)
      .map((name) => ({ name, match: FILE.exec(name) }))
      .flatMap(({ name, match }) =>
        match === null ? [] : [{ name, pid: Number(match[1]), start: Number(match[2]) }],
      )
      .sort((a, b) => a.start - b.start || a.pid - b.pid);
  }

  close() {
    fs.rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * As NODE_OPTIONS has it: a backslash means itself, but not in quotes.
 *
 * @param {string} file
 */
function quoted(file) {
  return /[\s"]/.test(file) ? `"${file.replaceAll(/["\\]/g, '\\$&')}"` : file;
}

/**
 * Of several lines about the same finding the last counts. A line that was not written to its end,
 * because the process was killed, does not.
 *
 * @param {string} file
 */
function readFile(file) {
  /** @type {Map<string, Finding>} */
  const findings = new Map();
  /** @type {{ started: object, report?: Report, reason?: string }} */
  const read = { started: {} };
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const { type, ...rest } = parse(line);
    if (type === 'process') read.started = rest;
    if (type === 'finding') findings.set(rest.finding.id, rest.finding);
    if (type === 'report') read.report = rest.report;
    if (type === 'untraced') read.reason = rest.reason;
  }
  return { ...read, findings };
}

/** @param {string} line */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

/**
 * The report of a process that has left none.
 *
 * @param {object} started  its first line
 * @param {Map<string, Finding>} findings
 */
function partial(started, findings) {
  const notes = ['it ended without its report: this is what it had found by then'];
  return { version: 1, processes: [{ ...started, notes }], findings: [...findings.values()] };
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

module.exports = { Session };
