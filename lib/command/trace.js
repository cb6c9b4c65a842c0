'use strict';

// `async-hooks-rs trace`: runs a program under the finder of lost context.

const path = require('node:path');
const { packageFiles } = require('../package/files.js');
const { loadTraceAddon } = require('../package/trace-addon.js');
const { read } = require('./trace/arguments.js');
const { gone, mark, readBaseline, writeBaseline } = require('./trace/baseline.js');
const { tryMends } = require('./trace/mends.js');
const { checkOutputs, checkWritable, writeOutputs } = require('./trace/outputs.js');
const { findProgram } = require('./trace/program.js');
const { certainOf } = require('./trace/report.js');
const { interruptible, runAgain, runProgram } = require('./trace/run.js');
const { Session } = require('./trace/session.js');
const { UsageError } = require('./usage.js');

const HELP = `Usage: async-hooks-rs trace [options] -- <program> [arguments]

Runs a program, and says where it loses the context of AsyncLocalStorage: which callback was made in
one context and ran in none or in another's, who ran it, and the line that mends it. It traces each
process of Node 20 or later that the program starts: node app.js, npm test, npx vitest run.

Options:
  --fail               exit code 1 if there is a certain finding
  --baseline <file>    as --fail, but the findings in the file are known, and pass
  --update-baseline    writes the certain findings of this run to the file of --baseline
  --possible           shows possible findings, too, of which many are none
  --deep               looks for more of these, and takes several times as long
  --json <file>        writes the report as JSON; - is standard output
  --sarif <file>       writes the report as SARIF, for code scanning; - is standard output
  --html <file>        writes the report as a page, with a picture of the contexts
  --include <glob>     traces only files that match; can be given several times
  --ignore <glob>      does not trace files that match; can be given several times
  --try-mends          runs the program again for each mend, which is put in in memory, and says how
                       many of the reads it made right. That takes a program that ends
  -h, --help           shows this text

The report goes to standard error when the program has ended, and at SIGUSR2. The other signals are
passed on to the program.

Exit codes: the program's own, which is 128 + n if signal n has ended it; where that is 0, 1 if
there is a certain finding (--fail) or a new one (--baseline); 2 the arguments are wrong, the finder
cannot run here, or no process of Node was traced.
`;

const FOUND = 1;
const NOT_TRACED = 2;
// Of a run with a mend, in ms, and how many times longer than the first run it may take.
const LEAST_TIME = 30_000;
const TIMES = 10;
const WIDTH = 100;
const NOT_ALL = 'a signal ended the trial of the mends before this one was tried';

/** @typedef {import('./trace/baseline.js').Baseline} Baseline */
/** @typedef {import('./trace/report.js').Report} Report */
/** @typedef {import('./trace/run.js').End} End */

/** @param {string} text */
function say(text) {
  process.stderr.write(`async-hooks-rs: ${text}\n`);
}

/** @param {string[]} args */
async function run(args) {
  const options = read(args);
  const program = findProgram(options.program);
  const { baseline: file, update } = options;
  const known = file === undefined ? undefined : readBaseline(file, update);
  if (file !== undefined && update) checkWritable('baseline', file, file);
  checkOutputs(options.outputs);
  const finder = new Finder(requireAddon(), program, options, known);
  const { end, report } = await finder.run();
  if (report === undefined) return end.code === 0 ? NOT_TRACED : end.code;
  if (options.tryMends) await finder.tryMends(report, end);
  const certain = certainOf(report);
  finder.show(report);
  for (const { id, finding } of known === undefined ? [] : gone(known, certain)) {
    say(`known, and not found any more: ${id} ${finding}`);
  }
  if (file !== undefined && known !== undefined && update) writeBaseline(file, known, certain);
  const isFound = options.fail && !update && certain.some((finding) => !finding.known);
  return end.code === 0 && isFound ? FOUND : end.code;
}

function requireAddon() {
  try {
    return loadTraceAddon();
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message, '');
  }
}

/** Runs the program under the tracer. */
class Finder {
  #addon;
  #program;
  #options;
  #known;
  #preload = path.join(/** @type {any} */ (packageFiles().files).folder, 'trace.js');

  /**
   * @param {ReturnType<typeof loadTraceAddon>} addon
   * @param {import('./trace/program.js').Program} program
   * @param {ReturnType<typeof read>} options
   * @param {Baseline | undefined} known
   */
  constructor(addon, program, options, known) {
    this.#addon = addon;
    this.#program = program;
    this.#options = options;
    this.#known = known;
  }

  /**
   * The first run. There is no report if no process of Node was traced.
   *
   * @returns {Promise<{ end: End, report: Report | undefined }>}
   */
  async run() {
    const session = new Session();
    try {
      const env = session.environment(this.#preload, this.#settings());
      const end = await runProgram(this.#program, env, (pid) => {
        const { report } = this.#reportOf(session);
        if (report === undefined) say('no process of Node has started yet');
        else this.#print(report);
        return session.has(pid);
      });
      const { report, running, killed, untraced } = this.#reportOf(session);
      for (const { pid, reason } of untraced) say(`process ${pid} was not traced: ${reason}`);
      if (report === undefined) sayNotTraced(this.#program.name);
      sayUnfinished(running, 'has not ended with the program');
      sayUnfinished(killed, 'has ended without its report, as one that is killed does');
      return { end, report };
    } finally {
      session.close();
    }
  }

  /**
   * @param {Report} report
   * @param {End} end
   */
  async tryMends(report, { signal, time }) {
    if (signal !== null) {
      say(`--try-mends takes a program that ends by itself: ${signal} ended this one`);
      return;
    }
    const limit = Math.max(LEAST_TIME, TIMES * time);
    await interruptible((stopped) =>
      tryMends(report, async (settings, text) => {
        if (stopped.aborted) return { report: undefined, obstacle: NOT_ALL };
        say(text);
        const session = new Session();
        try {
          const all = { ...this.#settings(), ...settings, quiet: true };
          const env = session.environment(this.#preload, all);
          const again = await runAgain(this.#program, env, limit, stopped);
          return { report: this.#reportOf(session).report, obstacle: obstacleOf(again, limit) };
        } finally {
          session.close();
        }
      }),
    );
  }

  /**
   * Prints it, and writes its files.
   *
   * @param {Report} report
   */
  show(report) {
    this.#print(report);
    writeOutputs(this.#options.outputs, (kind) => this.#render(kind, report));
  }

  #settings() {
    const { possible, deep, include, ignore, outputs } = this.#options;
    const picture = outputs.some(({ kind }) => kind === 'html');
    return { possible, deep, include, ignore, picture, root: process.cwd() };
  }

  /** @param {Session} session */
  #reportOf(session) {
    const { reports, ...others } = session.collect();
    /** @type {Report | undefined} */
    const report = reports.length === 0 ? undefined : JSON.parse(this.#addon.merge(reports));
    if (report !== undefined && this.#known !== undefined) mark(this.#known, report.findings);
    return { report, ...others };
  }

  /** @param {Report} report */
  #print(report) {
    const text = this.#render('terminal', report);
    process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /**
   * @param {Parameters<ReturnType<typeof loadTraceAddon>['render']>[0]} kind
   * @param {Report} report
   */
  #render(kind, report) {
    return this.#addon.render(kind, JSON.stringify(report), {
      color: process.stderr.isTTY === true && process.stderr.hasColors(),
      width: process.stderr.columns ?? WIDTH,
      cwd: process.cwd(),
      possible: this.#options.possible,
    });
  }
}

/** @param {string} name */
function sayNotTraced(name) {
  say(
    `'${name}' has started no process of Node that could be traced: expected a program of Node ` +
      '20 or later, or one that starts such a program and leaves it the variable NODE_OPTIONS',
  );
}

/**
 * @param {number[]} pids
 * @param {string} what
 */
function sayUnfinished(pids, what) {
  for (const pid of pids) say(`process ${pid} ${what}: what it had found by then is in the report`);
}

/**
 * @param {End} end
 * @param {number} limit
 */
function obstacleOf({ isLate, signal }, limit) {
  if (signal !== null) return `${signal} ended the run with it`;
  if (!isLate) return undefined;
  return `the program had not ended after ${Math.round(limit / 1000)} s with it, and was stopped`;
}

module.exports = { HELP, run };
