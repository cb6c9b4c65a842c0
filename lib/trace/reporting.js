'use strict';

// When reports are given, and to whom: to the command, which has a file for each process, or to
// standard error.

const { Buffer } = require('node:buffer'); // not every realm has the global one
const fs = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const { loadTraceAddon } = require('../package/trace-addon.js');

const STANDARD_ERROR = 2;
const SIGNAL = 'SIGUSR2';
const WIDTH = 100;

/**
 * What the addon is told of the process.
 *
 * @param {import('./options.js').Options} options
 */
function processSettings({ possible, deep, picture, ringSize, dir }) {
  return {
    pid: process.pid,
    argv: process.argv,
    cwd: process.cwd(),
    node: process.version,
    possible: possible || deep,
    picture,
    ringSize,
    file: dir === undefined ? undefined : fileIn(dir),
  };
}

/** @param {string} dir */
function fileIn(dir) {
  return path.join(dir, `${process.pid}-${Date.now()}.jsonl`);
}

/**
 * Tells the command that the process cannot be traced, if it may write that down.
 *
 * @param {string} dir
 * @param {string} reason
 */
function sayUntraced(dir, reason) {
  if (!isMainThread) return;
  try {
    fs.writeFileSync(fileIn(dir), `${JSON.stringify({ type: 'untraced', reason })}\n`);
  } catch {
    // The command finds no file, and says that.
  }
}

class Reporting {
  #tracer;
  #hasSpoken = false;
  #hasEnded = false;

  /** @param {import('./tracer.js').Tracer} tracer */
  constructor(tracer) {
    this.#tracer = tracer;
    const { quiet } = tracer.options;
    process.on('exit', () => this.#end());
    if (quiet) return;
    tracer.findings.listen((finding) => this.#first(finding));
    if (isMainThread && process.platform !== 'win32') {
      process.on(SIGNAL, this.#signalled);
    }
  }

  // A program that listens itself means something else by it. The command reports itself, and
  // passes the signal on, of which the program must not die.
  #signalled = () => {
    const { dir } = this.#tracer.options;
    if (dir !== undefined || process.listenerCount(SIGNAL) > 1) return;
    this.#print(this.#tracer.report(false));
  };

  /** @param {any} finding */
  #first({ certain, sentence }) {
    if (this.#hasSpoken || !certain) return;
    this.#hasSpoken = true;
    write(`async-hooks-rs: ${sentence}\n`);
  }

  #end() {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { options, session } = this.#tracer;
    const report = this.#tracer.report(isMainThread);
    if (!isMainThread) session.end();
    else if (options.dir === undefined && !options.quiet) this.#print(report);
  }

  /** @param {string} report */
  #print(report) {
    const { isTTY = false, columns = WIDTH } = process.stderr;
    const options = {
      color: isTTY && !process.env.NO_COLOR,
      width: columns,
      cwd: process.cwd(),
      possible: this.#tracer.options.possible || this.#tracer.options.deep,
    };
    write(loadTraceAddon().render('terminal', report, options));
  }
}

/**
 * Written synchronously: the process may be at its end.
 *
 * @param {string} text
 */
function write(text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(STANDARD_ERROR, rest));
    } catch (error) {
      // A pipe that is full says so where it does not wait. There may be no standard error at all.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') return;
    }
  }
}

module.exports = { Reporting, processSettings, sayUntraced };
