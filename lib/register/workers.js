'use strict';

// Each thread has its own node:async_hooks. Node gives a Worker the preloads of the process, but
// not all of them (seen on Node 20 to 26): a Worker with `execArgv` of its own gets none, one with
// `eval` gets no `--import`, one with `env` of its own none from NODE_OPTIONS; and a program that
// calls register() has no preload to hand down. These get ours in their arguments. Where it comes
// twice, the second does nothing.

const path = require('node:path');

const PRELOAD = path.join(__dirname, 'preload.js');
const ARGUMENTS = ['--require', PRELOAD];

// How our file is named on a command line. A preload that loads it under another name is not
// recognized, and its Workers get the argument without need.
const OURS = 'async-hooks-rs[\\\\/]register|[\\\\/]register\\.js';
const BY_REQUIRE = new RegExp(`(?:-r|--require)[ =]\\S*(?:${OURS})`);
const BY_IMPORT = new RegExp(`--import[ =]\\S*(?:${OURS})`);

/** The class in place of `Worker`. A proxy: everything but the arguments stays what it is. */
function preloadIn(Worker) {
  return new Proxy(Worker, {
    construct: (target, [file, options, ...rest], newTarget) => construct(
      (extended) => Reflect.construct(target, [file, extended, ...rest], newTarget), options),
  });
}

function construct(make, options) {
  const own = options?.execArgv;
  if (Array.isArray(own)) {
    return make(isPreloaded(own.join(' ')) ? options : withArguments(options, own));
  }
  if (own || inherits(options)) return make(options);
  const inherited = process.execArgv;
  try {
    return make(withArguments(options, inherited));
  } catch (error) {
    // Arguments that are not for Workers are left out when they are inherited, but not when they
    // are given. The message is where Node says which ones they are.
    if (error.code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    const refused = new Set(error.message.replace(/^.*: /, '').split(', '));
    return make(withArguments(options, inherited.filter((argument) => !refused.has(argument))));
  }
}

// Ours first: the value of an argument that was left out would end the list.
function withArguments(options, execArgv) {
  return { ...options, execArgv: [...ARGUMENTS, ...execArgv] };
}

function inherits({ env, eval: evaluates } = {}) {
  const ownVariables = typeof env === 'object' && env !== null;
  const variable = process.env.NODE_OPTIONS;
  const given = [...process.execArgv];
  if (!ownVariables || env.NODE_OPTIONS === variable) given.push(variable);
  const text = given.join(' ');
  return BY_REQUIRE.test(text) || (!evaluates && BY_IMPORT.test(text));
}

function isPreloaded(text) {
  return BY_REQUIRE.test(text) || BY_IMPORT.test(text);
}

module.exports = { ARGUMENTS, preloadIn };
