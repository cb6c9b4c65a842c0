'use strict';

// Input and output that the programs of this folder and of the folders below share.

const { parseArgs } = require('node:util');

/**
 * The options that all programs have, and the options of one program, in the form of parseArgs().
 * `rounds` is the default of --rounds.
 */
function parse(rounds, further = {}) {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', multiple: true, default: [process.execPath] },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: `${rounds}` },
      results: { type: 'string' },
      ...further,
    },
  });
  const { node: nodes, only, ...others } = values;
  return { ...others, nodes, only: list(only), rounds: positive('--rounds', values.rounds) };
}

/** Values of an option that may be given several times, and several at a time. */
function list(values) {
  return values.flatMap((value) => value.split(','));
}

/** The value of an option that is a positive integer. */
function positive(name, value) {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new RangeError(`${name} must be a positive integer. Received '${value}'`);
}

/** A number with about three digits. */
function number(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

module.exports = { parse, list, positive, number };
