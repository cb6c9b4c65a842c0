'use strict';

// The arguments of a command line: how they are read, and that they are wrong.

const { parseArgs } = require('node:util');

/** Ends the command with the exit code for wrong arguments. */
class UsageError extends Error {
  /**
   * @param {string} message
   * @param {string} [help]  shown below
   */
  constructor(message, help) {
    super(message);
    this.help = help;
  }
}

/**
 * The options, and the arguments in their order.
 *
 * @param {string[]} args
 * @param {readonly string[] | undefined} names  of the arguments, all of which must be there;
 *   `undefined`: the caller looks at them
 * @param {NonNullable<import('node:util').ParseArgsConfig['options']>} options
 */
function readArguments(args, names, options) {
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // More than its first sentence says how to pass what looks like an option as an argument.
    const [message] = /** @type {Error} */ (error).message.split(/\. |\n/, 1);
    throw new UsageError(message);
  }
  const { values, positionals } = parsed;
  if (names !== undefined && positionals.length < names.length) {
    throw new UsageError(`<${names[positionals.length]}> is missing`);
  }
  if (names !== undefined && positionals.length > names.length) {
    throw new UsageError(`there is an argument too many: '${positionals[names.length]}'`);
  }
  return { values: /** @type {Record<string, any>} */ (values), positionals };
}

/**
 * The number that an option gives; `undefined` if it is not there.
 *
 * @param {string} name  of the option
 * @param {string | undefined} text
 * @param {number} min
 * @param {number} max
 */
function integer(name, text, min, max) {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be an integer from ${min} to ${max}. Received '${text}'`);
}

module.exports = { UsageError, readArguments, integer };
