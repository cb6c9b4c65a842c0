'use strict';

// Batch files of Windows, such as npm.cmd: they are run by cmd.exe, which reads its command line in
// its own way, and then hand on their arguments, which it reads again.

const META = /[()\][%!^"`<>&|;, *?]/g;
// The ones that npm writes for the programs of packages pass their arguments on as they are.
const SHIM = /[\\/](?:node_modules[\\/]\.bin[\\/][^\\/]+|npm|npx|pnpm|yarn)\.cmd$/i;

/**
 * The arguments of cmd.exe, which it takes verbatim.
 *
 * @param {string} file
 * @param {string[]} args
 */
function batchArguments(file, args) {
  const times = SHIM.test(file) ? 2 : 1;
  const line = [escape(file), ...args.map((arg) => quote(arg, times))].join(' ');
  return ['/d', '/s', '/c', `"${line}"`];
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll(META, '^$&');
}

/**
 * Quoted for the program that gets it, whose rules for backslashes before quotes are those of
 * Microsoft's C library, and escaped for each time that cmd.exe reads it.
 *
 * @param {string} arg
 * @param {number} times
 */
function quote(arg, times) {
  let text = `"${arg.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
  for (let i = 0; i < times; i++) text = escape(text);
  return text;
}

module.exports = { batchArguments };
