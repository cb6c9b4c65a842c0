'use strict';

// The arguments of `async-hooks-rs trace`: its options, and the program behind '--'.

const path = require('node:path');
const { UsageError, readArguments } = require('../usage.js');

const STDOUT = '-';

const flag = { type: /** @type {const} */ ('boolean') };
const string = { type: /** @type {const} */ ('string') };
const strings = { type: /** @type {const} */ ('string'), multiple: true };

const OPTIONS = {
  'fail': flag,
  'baseline': string,
  'update-baseline': flag,
  'possible': flag,
  'deep': flag,
  'json': string,
  'sarif': string,
  'html': string,
  'include': strings,
  'ignore': strings,
  'try-mends': flag,
};

/** What the options say a file is made of; also what the addon calls it. */
const KINDS = /** @type {const} */ (['json', 'sarif', 'html']);

/**
 * @typedef {object} Output
 * @property {(typeof KINDS)[number]} kind
 * @property {string} name  as it was given
 * @property {string | undefined} file  its path; `undefined` is standard output
 */

/** @param {string[]} args */
function read(args) {
  const end = args.indexOf('--');
  const program = end === -1 ? [] : args.slice(end + 1);
  const { values } = options(end === -1 ? args : args.slice(0, end));
  if (program.length === 0) throw new UsageError(`the program is missing, which ${WHERE}`);
  if (program[0] === '') throw new UsageError("the program must have a name. Received ''");
  const update = values['update-baseline'] ?? false;
  if (update && values.baseline === undefined) {
    throw new UsageError('--update-baseline is an option to --baseline <file>, which is missing');
  }
  return {
    program,
    update,
    baseline: values.baseline === undefined ? undefined : named('baseline', values.baseline),
    // A baseline has no other use than to tell what is new from what is known.
    fail: values.fail ?? values.baseline !== undefined,
    possible: values.possible ?? false,
    deep: values.deep ?? false,
    include: globs('include', values.include),
    ignore: globs('ignore', values.ignore),
    tryMends: values['try-mends'] ?? false,
    outputs: outputs(values),
  };
}

const WHERE = "stands behind '--', as in 'async-hooks-rs trace -- node app.js'";

/** @param {string[]} args */
function options(args) {
  const { values, positionals } = readArguments(args, undefined, OPTIONS);
  if (positionals.length === 0) return { values };
  throw new UsageError(`'${positionals[0]}' is no option. A program ${WHERE}`);
}

/**
 * @param {string} option
 * @param {string} name
 */
function named(option, name) {
  if (name === '') throw new UsageError(`--${option} must name a file. Received an empty name`);
  return path.resolve(name);
}

/**
 * @param {string} option
 * @param {string[]} [list]
 */
function globs(option, list = []) {
  if (!list.includes('')) return list;
  throw new UsageError(`--${option} must be a pattern of paths. Received an empty one`);
}

/** @param {Record<string, string | undefined>} values */
function outputs(values) {
  /** @type {Output[]} */
  const list = [];
  for (const kind of KINDS) {
    const name = values[kind];
    if (name === undefined) continue;
    if (kind === 'html' && name === STDOUT) {
      throw new UsageError("--html must name a file. Received '-': a page is not printed");
    }
    const file = name === STDOUT ? undefined : named(kind, name);
    const other = list.find((output) => output.file === file);
    if (other !== undefined) {
      throw new UsageError(`--${other.kind} and --${kind} both name '${name}': expected two files`);
    }
    list.push({ kind, name, file });
  }
  return list;
}

module.exports = { read };
