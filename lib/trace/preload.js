'use strict';

// Whether the process was started with the entry of the finder as a preload.

const { isMainThread, parentPort } = require('node:worker_threads');
const { variable } = require('../package/environment.js');

// The names under which a program preloads it.
const ENTRY = /(?:^|[\\/])(?:async-hooks-rs[\\/]trace|trace\.js)(?:\.js)?$/;
const FLAG = /^(?:-r|--require|--import)$/;

/**
 * Whether this is Node's own thread for the hooks of module loading, which loads preloads, too.
 */
function isHooksThread() {
  return !isMainThread && parentPort === null;
}

function isPreloaded() {
  const words = (variable('NODE_OPTIONS') ?? '').match(/(?:"(?:\\.|[^"])*"|[^\s"]+)+/g) ?? [];
  const unquoted = words.map((word) => word.replace(/"((?:\\.|[^"])*)"/g, '$1'));
  return [process.execArgv, unquoted].some(has);
}

/** @param {string[]} args */
function has(args) {
  return args.some((argument, i) => {
    const [, flag = args[i - 1], name] = /^(?:(--require|--import)=)?(.*)$/s.exec(argument) ?? [];
    return FLAG.test(flag ?? '') && ENTRY.test(name ?? '');
  });
}

module.exports = { ENTRY, isHooksThread, isPreloaded };
