'use strict';

// Every failure of this package, with its stable code, and the errors of Node that it has to repeat
// word for word. Codes are part of the public interface and are never reused for another meaning.

const { format, inspect } = require('node:util');

/** Codes of this package's own failures; the ones of Node's errors are Node's. */
const codes = Object.freeze({
  ENGINE_UNKNOWN: 'ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN',
  ENGINE_UNAVAILABLE: 'ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE',
  RESOURCE_DESTROYED: 'ERR_ASYNC_RESOURCE_DESTROYED',
  RESOURCE_THIS: 'ERR_INVALID_THIS',
});

// Like Node's own errors: the code is a property and stands in the stack, not in the message. The
// stack begins where the user called, so `hidden`, the function that was called, is left out.
function coded(Base, code, message, hidden) {
  const error = new Base(message);
  error.code = code;
  error.name = `${Base.name} [${code}]`;
  Error.captureStackTrace(error, hidden);
  void error.stack; // its first line is made from the name at the first read
  delete error.name;
  return error;
}

// What was received, in the words of Node 26.
function describe(value) {
  if (value === undefined || value === null) return `${value}`;
  switch (typeof value) {
    case 'function': return `function ${value.name}`;
    case 'bigint': return `type bigint (${value}n)`;
    case 'number': return `type number (${Object.is(value, -0) ? '-0' : value})`;
    case 'string': {
      const text = value.length > 28 ? `${value.slice(0, 25)}...` : value;
      return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`;
    }
    case 'object': {
      const name = value.constructor?.name;
      const named = typeof name === 'string' && name !== '';
      return named ? `an instance of ${name}` : inspect(value, { depth: -1 });
    }
    default: return `type ${typeof value} (${String(value)})`;
  }
}

/** Node's ERR_INVALID_ARG_TYPE. */
function invalidArgType(name, expected, value, hidden) {
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE',
    `The "${name}" argument must be of type ${expected}. Received ${describe(value)}`, hidden);
}

/** Node's ERR_INVALID_ASYNC_ID. */
function invalidAsyncId(name, value) {
  return coded(RangeError, 'ERR_INVALID_ASYNC_ID', format('Invalid %s value: %s', name, value));
}

/** What V8 14 says of a call of `undefined`; older versions have "a undefined". */
function notCallable() {
  return new TypeError('Function.prototype.apply was called on undefined, ' +
    'which is undefined and not a function');
}

/** A method was called on something that is not an AsyncResource, where Node ends the process. */
function invalidThis() {
  return coded(TypeError, codes.RESOURCE_THIS, 'Value of "this" must be of type AsyncResource');
}

/** emitDestroy() was called a second time. */
function resourceDestroyed(asyncId) {
  return coded(Error, codes.RESOURCE_DESTROYED,
    'emitDestroy() must be called only once; ' +
    `the AsyncResource with async id ${asyncId} was destroyed before`);
}

/** The environment variable names no engine. */
function engineUnknown(variable, name, known) {
  return coded(RangeError, codes.ENGINE_UNKNOWN,
    `The environment variable ${variable} must be one of ${known.join(', ')}. ` +
    `Received '${name}'`);
}

/** The engine that the environment variable asks for cannot run here. */
function engineUnavailable(variable, name, reason) {
  return coded(Error, codes.ENGINE_UNAVAILABLE,
    `The environment variable ${variable} asks for the engine '${name}', ` +
    `which cannot run here: ${reason}`);
}

/** Not even the host's own AsyncLocalStorage is there. */
function noEngine(reason) {
  return coded(Error, codes.ENGINE_UNAVAILABLE, `No engine can carry context here: ${reason}`);
}

module.exports = {
  codes,
  coded,
  describe,
  invalidArgType,
  invalidAsyncId,
  notCallable,
  invalidThis,
  resourceDestroyed,
  engineUnknown,
  engineUnavailable,
  noEngine,
};
