'use strict';

// Decoding of errors: real instances, with the stack of the thread they come from.

const { Error, defineProperty, errorClasses } = require('./built-ins.js');
const { readString } = require('./strings.js');
const { withStackTraceLimit } = require('../errors/coded.js');
const {
  PART_NAME,
  PART_MESSAGE,
  PART_STACK,
  PART_CAUSE,
  PART_ERRORS,
  PART_PROPERTIES,
  PART_ERROR,
  PART_SUPPRESSED,
  CLASS_AGGREGATE_ERROR,
  CLASS_DOM_EXCEPTION,
  CLASS_QUOTA_EXCEEDED_ERROR,
} = require('../wire/tag.js');

/** @typedef {import('./built-ins.js').ErrorClass} ErrorClass */

/**
 * Reads an error, after its tag. `read` reads what is in it.
 *
 * @param {import('./decode.js').DecoderInput} input
 * @param {import('./decode.js').Read} read
 */
function readError(input, read) {
  const index = input.bytes[input.at];
  const flags = input.bytes[input.at + 1];
  input.at += 2;
  const Class = errorClasses[index];
  if (Class === undefined) throw new Error(`The packet has an unknown class of errors: ${index}`);
  /** @param {number} part */
  const has = (part) => (flags & part) !== 0;
  const name = has(PART_NAME) ? readString(input) : Class.name;
  const message = has(PART_MESSAGE) ? readString(input) : '';
  const error = input.met(
    withStackTraceLimit(undefined, () => construct(Class, index, message, name)),
  );
  if (index !== CLASS_DOM_EXCEPTION) {
    if (has(PART_NAME)) set(error, 'name', name, false);
    if (has(PART_MESSAGE) && index !== CLASS_QUOTA_EXCEEDED_ERROR) {
      set(error, 'message', message, false);
    }
  }
  const stack = has(PART_STACK) ? readString(input) : firstLine(name, message);
  set(error, 'stack', stack, false);
  if (has(PART_CAUSE)) set(error, 'cause', read(input), false);
  if (has(PART_ERRORS)) set(error, 'errors', read(input), false);
  if (has(PART_ERROR)) set(error, 'error', read(input), false);
  if (has(PART_SUPPRESSED)) set(error, 'suppressed', read(input), false);
  if (has(PART_PROPERTIES)) {
    for (let left = input.readUint32(); left > 0; left--) {
      const key = readString(input);
      set(error, key, read(input), true);
    }
  }
  return error;
}

/**
 * @param {string} name
 * @param {string} message
 */
const firstLine = (name, message) => (message === '' ? name : `${name}: ${message}`);

/**
 * What the DOM's exceptions are called and say lies behind getters of their prototype.
 *
 * @param {ErrorClass} Class
 * @param {number} index
 * @param {string} message
 * @param {string} name
 */
function construct(Class, index, message, name) {
  switch (index) {
    case CLASS_AGGREGATE_ERROR:
      return new Class([]);
    case CLASS_DOM_EXCEPTION:
      return new Class(message, name);
    case CLASS_QUOTA_EXCEEDED_ERROR:
      return new Class(message);
    default:
      return new Class();
  }
}

/**
 * @param {object} error
 * @param {string} key
 * @param {unknown} value
 * @param {boolean} enumerable
 */
function set(error, key, value, enumerable) {
  defineProperty(error, key, {
    __proto__: null,
    value,
    writable: true,
    enumerable,
    configurable: true,
  });
}

module.exports = { readError };
