'use strict';

// Runs the program, and ends it where that is asked for.

const { spawn, spawnSync } = require('node:child_process');
const os = require('node:os');
const { clearTimeout, setTimeout } = require('node:timers');
const { isatty } = require('node:tty');
const { UsageError } = require('../usage.js');

const isWindows = process.platform === 'win32';

/**
 * How it ended.
 *
 * @typedef {object} End
 * @property {number} code  that a shell would give: 128 + n if signal n ended it
 * @property {NodeJS.Signals | null} signal  that ended it, or that it was sent
 * @property {boolean} isLate  it was stopped, because its time was over
 * @property {number} time  that it took, in ms
 */

// What a terminal sends to all processes that it runs, so that the program has it already: a second
// one would mean more than the first to many programs.
const OF_TERMINAL = ['SIGINT', 'SIGQUIT', 'SIGBREAK'];
const PASSED = /** @type {NodeJS.Signals[]} */ (
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'].concat(isWindows ? 'SIGBREAK' : 'SIGQUIT')
);

/**
 * Runs the program as the command's own: it has its streams, and gets its signals.
 *
 * @param {import('./program.js').Program} program
 * @param {NodeJS.ProcessEnv} env
 * @param {(pid: number) => boolean} report  at SIGUSR2; whether the program gets it, too
 * @returns {Promise<End>}
 */
async function runProgram(program, env, report) {
  const started = process.hrtime.bigint();
  const child = start(program, { env, stdio: 'inherit' });
  /** @type {NodeJS.Signals | null} */
  let sent = null;
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    sent = signal;
    if (!hasIt(signal)) child.kill(signal);
  };
  const ask = () => {
    if (child.pid !== undefined && report(child.pid)) child.kill('SIGUSR2');
  };
  for (const signal of PASSED) process.on(signal, pass);
  if (!isWindows) process.on('SIGUSR2', ask);
  try {
    const { code, signal } = await ended(program, child);
    return {
      code: codeOf(code, signal),
      signal: signal ?? sent,
      isLate: false,
      time: since(started),
    };
  } finally {
    for (const signal of PASSED) process.off(signal, pass);
    process.off('SIGUSR2', ask);
  }
}

/**
 * Does work that a signal to the command ends: the reason of `stopped` is the signal then.
 *
 * @template T
 * @param {(stopped: AbortSignal) => Promise<T>} work
 */
async function interruptible(work) {
  const controller = new AbortController();
  const stop = (/** @type {NodeJS.Signals} */ signal) => controller.abort(signal);
  for (const signal of PASSED) process.on(signal, stop);
  process.on('SIGUSR2', wait);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of PASSED) process.off(signal, stop);
    process.off('SIGUSR2', wait);
  }
}

/**
 * Runs the program again, without streams, and for a limited time.
 *
 * @param {import('./program.js').Program} program
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limit  in ms
 * @param {AbortSignal} stopped
 * @returns {Promise<End>}
 */
async function runAgain(program, env, limit, stopped) {
  const started = process.hrtime.bigint();
  // A group of its own, which ends with it: a shell in between does not end what it runs.
  const child = start(program, { env, stdio: 'ignore', detached: !isWindows });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endAll(child);
  }, limit);
  const stop = () => endAll(child);
  stopped.addEventListener('abort', stop);
  try {
    const { code, signal } = await ended(program, child);
    const sent = stopped.aborted ? stopped.reason : null;
    return { code: codeOf(code, signal), signal: sent, isLate, time: since(started) };
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener('abort', stop);
    // What it has left running. Windows does not know any more what that is.
    if (!isWindows) endAll(child);
  }
}

/** The report comes when the mends have been tried. */
function wait() {}

/**
 * @param {import('./program.js').Program} program
 * @param {import('node:child_process').SpawnOptions} options
 */
function start({ name, file, args, verbatim }, options) {
  try {
    return spawn(file, args, { ...options, windowsVerbatimArguments: verbatim });
  } catch (error) {
    throw notRun(name, error);
  }
}

/**
 * @param {import('./program.js').Program} program
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function ended({ name }, child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(notRun(name, error));
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/**
 * @param {string} name
 * @param {any} error
 */
function notRun(name, error) {
  return new UsageError(`'${name}' cannot be run: ${error.message}`, '');
}

/** @param {import('node:child_process').ChildProcess} child */
function endAll({ pid }) {
  if (pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/pid', `${pid}`, '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

/**
 * Whether the program has got the signal, too. To ask `process.stdin` would change the mode of what
 * the program reads.
 *
 * @param {string} signal
 */
function hasIt(signal) {
  return OF_TERMINAL.includes(signal) && (isWindows || isatty(0));
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function codeOf(code, signal) {
  return code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]);
}

/** @param {bigint} started */
function since(started) {
  return Number(process.hrtime.bigint() - started) / 1e6;
}

module.exports = { interruptible, runAgain, runProgram };
