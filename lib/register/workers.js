'use strict';

// Each thread has its own node:async_hooks. Node gives a Worker the preloads of the process, but
// not all of them (seen on Node 20 to 26): a Worker with `execArgv` of its own gets none, one with
// `eval` gets no `--import`, one with `env` of its own none from NODE_OPTIONS; and a program that
// calls register() has no preload to hand down. These get ours in their arguments. Where it comes
// twice, the second does nothing.

const fs = require('node:fs');
const path = require('node:path');
const { variable } = require('../package/environment.js');

/** @typedef {import('node:worker_threads').WorkerOptions | undefined} Options */

const PRELOAD = path.join(__dirname, 'preload.js');
const ARGUMENTS = ['--require', PRELOAD];

// The names under which a program preloads ours.
const OURS = /(?:^|[\\/])async-hooks-rs[\\/]register(?:\.js)?$/;
const REQUIRE = /^(?:-r|--require)$/;

// As register() finds them: Workers inherit what the thread was started with, whatever the program
// writes there afterwards.
/** @type {string[]} */
let execArgv;
/** @type {string | undefined} */
let nodeOptions;

/**
 * The class in place of `Worker`. A proxy: everything but the arguments stays what it is.
 *
 * @param {typeof import('node:worker_threads').Worker} Worker
 */
function preloadIn(Worker) {
  if (!isThere(PRELOAD)) return Worker;
  execArgv ??= [...process.execArgv];
  nodeOptions ??= variable('NODE_OPTIONS');
  return new Proxy(Worker, {
    __proto__: null,
    construct: (target, [file, options, ...rest], newTarget) =>
      construct(
        (extended) => Reflect.construct(target, [file, extended, ...rest], newTarget),
        options,
      ),
  });
}

/**
 * The file is missing where we are bundled into a file of the program. Deno may forbid to look.
 *
 * @param {string} file
 */
function isThere(file) {
  try {
    return fs.existsSync(file);
  } catch {
    return false;
  }
}

/**
 * @param {(options: Options) => object} make
 * @param {Options} options
 */
function construct(make, options) {
  const own = options?.execArgv;
  if (Array.isArray(own)) {
    return make(isPreloaded(own, options) ? options : withArguments(options, own));
  }
  if (own || inherits(options)) return make(options);
  let inherited = execArgv;
  for (;;) {
    try {
      return make(withArguments(options, inherited));
    } catch (error) {
      // Arguments that are not for Workers are left out when they are inherited, but not when they
      // are given. The message is where Node says which ones they are, up to the first value that
      // follows one of them.
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
      const accepted = withoutRefused(inherited, message);
      // Not understood: as without us, registered or not.
      if (accepted.length === inherited.length) return make(options);
      inherited = accepted;
    }
  }
}

/**
 * The message lists the refused arguments in their order, without the values that follow them. No
 * value begins with a hyphen.
 *
 * @param {string[]} given
 * @param {string} message
 */
function withoutRefused(given, message) {
  let list = message.slice(message.indexOf(': ') + 2);
  let refused = false;
  return given.filter((argument) => {
    if (!argument.startsWith('-')) return !refused;
    refused = list === argument || list.startsWith(`${argument}, `);
    if (refused) list = list.slice(argument.length + 2);
    return !refused;
  });
}

/**
 * A proxy, because the options may be inherited properties or getters of a class.
 *
 * @param {Options} options
 * @param {string[]} given
 */
function withArguments(options, given) {
  const extended = [...ARGUMENTS, ...given];
  return new Proxy(/** @type {NonNullable<Options>} */ ({ __proto__: null }), {
    __proto__: null,
    get: (_, key) => (key === 'execArgv' ? extended : /** @type {any} */ (options)?.[key]),
  });
}

/** @param {Options} options */
function inherits(options) {
  const env = options?.env;
  const ownVariables = typeof env === 'object' && env !== null;
  const inherited = !ownVariables || env.NODE_OPTIONS === nodeOptions ? nodeOptions : undefined;
  const words = (inherited ?? '').split(/[\s"]+/);
  // The first versions of Node 20 hand no preloads of the command line to a Worker with `env` of
  // its own.
  return (!ownVariables && isPreloaded(execArgv, options)) || isPreloaded(words, options);
}

/**
 * A preload that loads ours under another name is not recognized, and its Workers get the argument
 * without need.
 *
 * @param {string[]} given
 * @param {Options} options
 */
function isPreloaded(given, options) {
  return given.some((argument, i) => {
    // It matches any text.
    const match = /** @type {RegExpExecArray} */ (
      /^(?:(--require|--import)=)?(.*)$/s.exec(argument)
    );
    const [, flag = given[i - 1], name] = match;
    if (!OURS.test(name)) return false;
    return REQUIRE.test(flag) || (flag === '--import' && !options?.eval);
  });
}

module.exports = { ARGUMENTS, preloadIn };
