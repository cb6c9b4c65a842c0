'use strict';

// What is traced and what is said of it: from the environment, as the command hands it over, or
// from a call of trace.start().

const { invalidOption, unreadableOptions } = require('../errors/trace.js');
const { variable } = require('../package/environment.js');

const VARIABLE = 'ASYNC_HOOKS_RS_TRACE';
const DEFAULT_RING = 64 * 1024 * 1024;
const MIN_RING = 1024 * 1024;
const MAX_RING = 4 * 1024 * 1024 * 1024 - 1;

/**
 * @typedef {{ file: string, line: number, column: number }} Spot
 *
 * @typedef {object} Options
 * @property {boolean} possible  the rules that can be wrong, too
 * @property {boolean} deep  objects remember their contexts, and the variables of readers are seen
 * @property {boolean} picture  everything that runs is recorded
 * @property {string[]} include  files that are transformed; empty for all
 * @property {string[]} ignore
 * @property {number} ringSize  bytes
 * @property {string | undefined} dir  the folder for what the processes find
 * @property {boolean} quiet
 * @property {Spot[]} mends  places where functions are bound
 * @property {Spot[]} watch  places whose reads are counted
 */

const isBoolean = (/** @type {unknown} */ value) => typeof value === 'boolean';
const isString = (/** @type {unknown} */ value) => typeof value === 'string';
const areStrings = (/** @type {unknown} */ value) => Array.isArray(value) && value.every(isString);
const areSpots = (/** @type {unknown} */ value) => Array.isArray(value) && value.every(isSpot);
const isCount = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isRing = (/** @type {unknown} */ value) =>
  Number.isSafeInteger(value) && Number(value) >= MIN_RING && Number(value) <= MAX_RING;

/** @param {any} value */
function isSpot(value) {
  return typeof value === 'object' && value !== null && isString(value.file) && isCount(value.line);
}

/** What an option must be, in words and as a check. */
const PUBLIC = {
  possible: { check: isBoolean, expected: 'a boolean' },
  deep: { check: isBoolean, expected: 'a boolean' },
  include: { check: areStrings, expected: 'an array of strings' },
  ignore: { check: areStrings, expected: 'an array of strings' },
  quiet: { check: isBoolean, expected: 'a boolean' },
  ringSize: { check: isRing, expected: `an integer from ${MIN_RING} to ${MAX_RING}` },
};
const INTERNAL = {
  ...PUBLIC,
  picture: { check: isBoolean, expected: 'a boolean' },
  dir: { check: isString, expected: 'a string' },
  mends: { check: areSpots, expected: 'an array of places' },
  watch: { check: areSpots, expected: 'an array of places' },
};

/**
 * Checks options, of which only own properties are read.
 *
 * @param {unknown} given
 * @param {Record<string, { check: (value: unknown) => boolean, expected: string }>} [known]
 * @returns {Options}
 */
function checkedOptions(given, known = PUBLIC) {
  const options = /** @type {any} */ ({
    possible: false,
    deep: false,
    picture: false,
    include: [],
    ignore: [],
    ringSize: DEFAULT_RING,
    dir: undefined,
    quiet: false,
    mends: [],
    watch: [],
  });
  if (given === undefined) return options;
  if (typeof given !== 'object' || given === null) {
    throw invalidOption('options', 'an object', given);
  }
  for (const [name, { check, expected }] of Object.entries(known)) {
    if (!Object.hasOwn(given, name)) continue;
    const value = /** @type {any} */ (given)[name];
    if (value === undefined) continue;
    if (!check(value)) throw invalidOption(`options.${name}`, expected, value);
    options[name] = value;
  }
  return options;
}

/** The text of the environment; `undefined` if there is none. */
function environmentText() {
  const text = variable(VARIABLE);
  return text === '' ? undefined : text;
}

/** The options that the environment says; `undefined` if it says none. */
function environmentOptions() {
  const text = environmentText();
  if (text === undefined) return undefined;
  let given;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw unreadableOptions(VARIABLE, text, error);
  }
  return checkedOptions(given, INTERNAL);
}

module.exports = { VARIABLE, checkedOptions, environmentOptions };
