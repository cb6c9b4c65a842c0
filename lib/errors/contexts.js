'use strict';

// The failures of contexts that cross to another thread or process.

const { describe, withoutStack } = require('./coded.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  NOT_CLONEABLE: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE',
  UNKNOWN: 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN',
  CONFLICT: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
  // Node's.
  INVALID_ARG_TYPE: 'ERR_INVALID_ARG_TYPE',
});

/**
 * Node's ERR_INVALID_ARG_TYPE, for an argument or a property of one.
 *
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function invalidArgType(name, expected, value) {
  const kind = /[.[]/.test(name) ? 'property' : 'argument';
  return withoutStack(
    TypeError,
    codes.INVALID_ARG_TYPE,
    `The "${name}" ${kind} must be ${expected}. Received ${describe(value)}`,
  );
}

/**
 * The store of a context holds what cannot be copied.
 *
 * @param {string} name  of the context
 * @param {string} path  to the value that cannot be copied, from the store on
 * @param {unknown} value
 */
function notCloneable(name, path, value) {
  const where = path === '' ? 'it' : `its value at ${path}`;
  return withoutStack(
    TypeError,
    codes.NOT_CLONEABLE,
    `The context '${name}' cannot be sent to another thread: ${where} cannot be cloned. ` +
      `Give the context serialize() and deserialize(). Received ${describe(value)}`,
  );
}

/**
 * What arrives cannot be entered here.
 *
 * @param {string} name  of the context
 * @param {string} missing  what this thread has not defined
 */
function unknownContext(name, missing) {
  return withoutStack(
    Error,
    codes.UNKNOWN,
    `The context '${name}' cannot be entered in this thread: expected ${missing}, ` +
      'in a file that this thread loads, and received none',
  );
}

/**
 * A name has two meanings in one thread.
 *
 * @param {string} name  of the context
 * @param {string} what  that differs
 */
function conflict(name, what) {
  return withoutStack(
    Error,
    codes.CONFLICT,
    `The context '${name}' is defined already in this thread, with another ${what}`,
  );
}

module.exports = { codes, invalidArgType, notCloneable, unknownContext, conflict };
