'use strict';

// Checks where the threads of a pool run the processor: themselves, or each in a process of its
// own; and what either is started with. As in options.js, the errors have no stack yet.

const { SHARE_ENV } = require('node:worker_threads');
const { invalidArgType, outOfRange } = require('../errors/pool.js');
const { packageFiles } = require('../package/files.js');

/** @typedef {() => import('../worker/configuration.js').ProcessSettings} ProcessOf */

const THREADS = 'worker_threads';
const PROCESSES = 'child_process';

// They say what the program runs: a process that inherits them would run that again.
const OTHER_PROGRAMS = /^(?:-e|-p|-pe|--eval|--print)$/;
const OTHER_MODES =
  /^(?:--(?:eval|print)=.*|-i|--interactive|-c|--check|--test(?:-.*)?|--watch(?:-.*)?)$/;

/**
 * The options of the Workers; and for processes, what makes those of the next one.
 *
 * @param {unknown} runtime
 * @param {Record<string, any>} worker  what is passed to `new Worker()`
 * @param {boolean} isNative  the processor of the pool is a native one
 * @returns {{ worker: object, process: ProcessOf | undefined }}
 */
function runtimeOptions(runtime, worker, isNative) {
  if (runtime === undefined || runtime === THREADS) return { worker, process: undefined };
  const name = 'options.runtime';
  if (typeof runtime !== 'string') throw invalidArgType(name, 'of type string', runtime);
  if (runtime !== PROCESSES) throw outOfRange(name, `'${THREADS}' or '${PROCESSES}'`, runtime);
  if (isNative) throw outOfRange(name, `'${THREADS}' in a pool with a native processor`, runtime);
  if (!isNodes()) throw outOfRange(name, `'${THREADS}' on this host, which is not Node`, runtime);
  const { resourceLimits, env, execArgv = inheritedFlags(), argv = [], workerData } = worker;
  if (resourceLimits !== undefined) {
    const expected = "undefined in a pool of processes. Give V8's limits in options.execArgv";
    throw outOfRange('options.resourceLimits', expected, 'an object');
  }
  for (const [key, value] of Object.entries({ execArgv, argv })) {
    if (!Array.isArray(value)) {
      throw invalidArgType(`options.${key}`, 'an instance of Array', value);
    }
  }
  if (typeof env !== 'object' && env !== undefined && env !== SHARE_ENV) {
    throw invalidArgType('options.env', 'of type object', env);
  }
  // requireFiles() looks for them.
  const program = packageFiles().files?.workerProgram ?? '';
  return {
    worker: bridgeOptions(),
    process: () => ({
      program,
      execArgv,
      // Of the program as it is when the process starts. Nothing is shared with another process.
      env: { ...(typeof env === 'object' && env !== null ? env : process.env) },
      argv,
      workerData,
    }),
  };
}

/**
 * Of the Workers, which only start the processes. What the program preloads is for those. But a
 * Worker that does not inherit the flags has all permissions.
 */
function bridgeOptions() {
  if (process.permission !== undefined) return { __proto__: null };
  return { __proto__: null, execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } };
}

function isNodes() {
  return !('bun' in process.versions || 'deno' in process.versions);
}

/** As fork() does it, and more: a program may be run by other flags. */
function inheritedFlags() {
  const given = process.execArgv;
  /** @type {string[]} */
  const flags = [];
  for (let i = 0; i < given.length; i++) {
    if (OTHER_PROGRAMS.test(given[i])) i++;
    else if (!OTHER_MODES.test(given[i])) flags.push(given[i]);
    // Its value, which may stand by itself.
    else while (i + 1 < given.length && !given[i + 1].startsWith('-')) i++;
  }
  return flags;
}

module.exports = { runtimeOptions };
