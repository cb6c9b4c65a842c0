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

/**
 * @typedef {object} Preload
 * @property {string} file  its path
 * @property {string[]} args  for Node
 * @property {RegExp} names  under which a program preloads it
 */

/**
 * @param {string} file
 * @param {RegExp} names
 * @returns {Preload}
 */
const preloadOf = (file, names) => ({ file, args: ['--require', file], names });

const REGISTER = preloadOf(
  path.join(__dirname, 'preload.js'),
  /(?:^|[\\/])async-hooks-rs[\\/]register(?:\.js)?$/,
);
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
 * @param {Preload} [preload]
 */
function preloadIn(Worker, preload = REGISTER) {
  if (!isThere(preload.file)) return Worker;
  execArgv ??= [...process.execArgv];
  nodeOptions ??= variable('NODE_OPTIONS');
  return new Proxy(Worker, {
    __proto__: null,
    construct: (target, [file, options, ...rest], newTarget) =>
      construct(
        (extended) => Reflect.construct(target, [file, extended, ...rest], newTarget),
        options,
        preload,
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
 * @param {Preload} preload
 */
function construct(make, options, preload) {
  const own = options?.execArgv;
  if (Array.isArray(own)) {
    const isThereAlready = isPreloaded(own, options, preload);
    return make(isThereAlready ? options : withArguments(options, own, preload));
  }
  if (own || inherits(options, preload)) return make(options);
  let inherited = execArgv;
  for (;;) {
    try {
      return make(withArguments(options, inherited, preload));
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
 * @param {Preload} preload
 */
function withArguments(options, given, preload) {
  const extended = [...preload.args, ...given];
  return new Proxy(/** @type {NonNullable<Options>} */ ({ __proto__: null }), {
    __proto__: null,
    get: (_, key) => (key === 'execArgv' ? extended : /** @type {any} */ (options)?.[key]),
  });
}

/**
 * @param {Options} options
 * @param {Preload} preload
 */
function inherits(options, preload) {
  const env = options?.env;
  const ownVariables = typeof env === 'object' && env !== null;
  const inherited = !ownVariables || env.NODE_OPTIONS === nodeOptions ? nodeOptions : undefined;
  const words = (inherited ?? '').split(/[\s"]+/);
  // The first versions of Node 20 hand no preloads of the command line to a Worker with `env` of
  // its own.
  return (
    (!ownVariables && isPreloaded(execArgv, options, preload)) ||
    isPreloaded(words, options, preload)
  );
}

/**
 * A preload that loads ours under another name is not recognized, and its Workers get the argument
 * without need.
 *
 * @param {string[]} given
 * @param {Options} options
 * @param {Preload} preload
 */
function isPreloaded(given, options, preload) {
  return given.some((argument, i) => {
    // It matches any text.
    const match = /** @type {RegExpExecArray} */ (
      /^(?:(--require|--import)=)?(.*)$/s.exec(argument)
    );
    const [, flag = given[i - 1], name] = match;
    if (!preload.names.test(name)) return false;
    return REQUIRE.test(flag) || (flag === '--import' && !options?.eval);
  });
}

/**
 * Takes the arguments for a preload out of those of the process: the program may hand its arguments
 * on, and expects those it gave.
 *
 * @param {Preload} preload
 */
function withoutPreload({ args }) {
  const at = process.execArgv.indexOf(args[1]);
  if (at > 0) process.execArgv.splice(at - 1, args.length);
}

module.exports = { REGISTER, preloadIn, preloadOf, withoutPreload };
