'use strict';

// The failures of contexts that cross to another thread or process.

const { describe, withoutStack } = require('./coded.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  NOT_CLONEABLE: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE',
  NOT_ENTERED: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_ENTERED',
  TOO_LARGE: 'ERR_ASYNC_HOOKS_RS_CONTEXT_TOO_LARGE',
  UNKNOWN: 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN',
  CONFLICT: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
  NOT_CARRIED: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CARRIED',
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
 * The stores of all contexts together take more room than there is.
 *
 * @param {readonly { name: string }[]} contexts
 * @param {number} most  in bytes
 */
function tooLarge(contexts, most) {
  const names = contexts.map(({ name }) => `'${name}'`).join(', ');
  return withoutStack(
    RangeError,
    codes.TOO_LARGE,
    `The contexts ${names} cannot be sent with a task: expected at most ${most} bytes together. ` +
      'Pass large values in the task',
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
 * The `enter()` of a carrier did not call the function that it was given, once.
 *
 * @param {string} name  of the context
 * @param {string} often
 */
function enteredWrongly(name, often) {
  return withoutStack(
    Error,
    codes.NOT_ENTERED,
    `The carrier '${name}' was expected to call its function once, before its enter() returns. ` +
      `It has called it ${often}`,
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

/** The other end does not understand what carry() posts. */
function otherEndIsPlain() {
  return withoutStack(
    Error,
    codes.NOT_CARRIED,
    'The message cannot be posted in its context: expected the other end to call carry() before ' +
      'it posts anything, and received a message from it',
  );
}

/** There is no context of the other end's carry() to run in. */
function notGreeted() {
  return withoutStack(
    Error,
    codes.NOT_CARRIED,
    'There is no context to run in: expected the other end to have called carry() first, ' +
      'for a Worker as soon as it is made, and received nothing from that call',
  );
}

/**
 * For a warning: nothing unwraps what was posted.
 *
 * @param {number} count
 */
function endedPlain(count) {
  return withoutStack(
    Error,
    codes.NOT_CARRIED,
    `The other end has ended without calling carry(). ${count} message(s) were posted to it ` +
      'together with their contexts, which it cannot have understood',
  );
}

module.exports = {
  codes,
  invalidArgType,
  notCloneable,
  tooLarge,
  unknownContext,
  enteredWrongly,
  conflict,
  otherEndIsPlain,
  notGreeted,
  endedPlain,
};
