'use strict';

// The failures of everything but the pool: those with codes of our own, and the errors of Node that
// have to be repeated word for word.

const { format } = require('node:util');
const { coded, describe } = require('./coded.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  ENGINE_UNKNOWN: 'ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN',
  ENGINE_UNAVAILABLE: 'ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE',
  NATIVE_CALLBACKS_UNKNOWN: 'ERR_ASYNC_HOOKS_RS_NATIVE_CALLBACKS_UNKNOWN',
  RESOURCE_DESTROYED: 'ERR_ASYNC_RESOURCE_DESTROYED',
  // Node's.
  INVALID_ARG_TYPE: 'ERR_INVALID_ARG_TYPE',
  INVALID_ASYNC_ID: 'ERR_INVALID_ASYNC_ID',
  INVALID_THIS: 'ERR_INVALID_THIS',
});

/**
 * Node's ERR_INVALID_ARG_TYPE.
 *
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 * @param {Function} [hidden]
 */
function invalidArgType(name, expected, value, hidden) {
  return coded(
    TypeError,
    codes.INVALID_ARG_TYPE,
    `The "${name}" argument must be of type ${expected}. Received ${describe(value)}`,
    hidden,
  );
}

/**
 * Node's ERR_INVALID_ARG_TYPE, for a property; `expected` with its preposition.
 *
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 * @param {Function} [hidden]
 */
function invalidProperty(name, expected, value, hidden) {
  return coded(
    TypeError,
    codes.INVALID_ARG_TYPE,
    `The "${name}" property must be ${expected}. Received ${describe(value)}`,
    hidden,
  );
}

/**
 * Node's ERR_INVALID_ASYNC_ID.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {Function} [hidden]
 */
function invalidAsyncId(name, value, hidden) {
  const message = format('Invalid %s value: %s', name, value);
  return coded(RangeError, codes.INVALID_ASYNC_ID, message, hidden);
}

/**
 * What V8 14 says of a call of `undefined`; older versions have "a undefined".
 *
 * @param {Function} [hidden]
 */
function notCallable(hidden) {
  const error = new TypeError(
    'Function.prototype.apply was called on undefined, which is undefined and not a function',
  );
  Error.captureStackTrace(error, hidden);
  return error;
}

/**
 * A method was called on something that is not an AsyncResource, where Node ends the process.
 *
 * @param {Function} [hidden]
 */
function notAResource(hidden) {
  return coded(
    TypeError,
    codes.INVALID_THIS,
    'Value of "this" must be of type AsyncResource',
    hidden,
  );
}

/**
 * A method of AsyncContext's classes was called on something that is no instance of its class.
 *
 * @param {string} expected
 * @param {unknown} value
 * @param {Function} [hidden]
 */
function notAnInstance(expected, value, hidden) {
  const message = `Value of "this" must be of type AsyncContext.${expected}. `;
  return coded(TypeError, codes.INVALID_THIS, message + `Received ${describe(value)}`, hidden);
}

/**
 * emitDestroy() was called a second time.
 *
 * @param {number} asyncId
 * @param {Function} [hidden]
 */
function resourceDestroyed(asyncId, hidden) {
  return coded(
    Error,
    codes.RESOURCE_DESTROYED,
    'emitDestroy() must be called only once; ' +
      `the AsyncResource with async id ${asyncId} was destroyed before`,
    hidden,
  );
}

/**
 * The environment variable names no engine.
 *
 * @param {string} variable
 * @param {string} name
 * @param {string[]} known
 */
function engineUnknown(variable, name, known) {
  return coded(
    RangeError,
    codes.ENGINE_UNKNOWN,
    `The environment variable ${variable} must be one of ${known.join(', ')}. ` +
      `Received '${name}'`,
  );
}

/**
 * The engine that the environment variable asks for cannot run here.
 *
 * @param {string} variable
 * @param {string} name
 * @param {string} reason
 */
function engineUnavailable(variable, name, reason) {
  return coded(
    Error,
    codes.ENGINE_UNAVAILABLE,
    `The environment variable ${variable} asks for the engine '${name}', ` +
      `which cannot run here: ${reason}`,
  );
}

/**
 * The environment variable does not say what to do about callbacks of addons.
 *
 * @param {string} variable
 * @param {unknown} value
 * @param {string[]} known
 */
function nativeCallbacksUnknown(variable, value, known) {
  return coded(
    RangeError,
    codes.NATIVE_CALLBACKS_UNKNOWN,
    `The environment variable ${variable} must be one of ${known.join(', ')}. ` +
      `Received '${value}'`,
  );
}

/**
 * Not even the host's own AsyncLocalStorage is there.
 *
 * @param {string} reason
 */
function noEngine(reason) {
  return coded(Error, codes.ENGINE_UNAVAILABLE, `No engine can carry context here: ${reason}`);
}

module.exports = {
  codes,
  invalidArgType,
  invalidProperty,
  invalidAsyncId,
  notCallable,
  notAResource,
  notAnInstance,
  resourceDestroyed,
  engineUnknown,
  engineUnavailable,
  nativeCallbacksUnknown,
  noEngine,
};
