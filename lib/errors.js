'use strict';

// Failures with their stable codes, and the errors of Node that have to be repeated word for word.
// Those of the pool are in pool/errors.js. Codes are part of the public interface and are never
// reused for another meaning.

const { Buffer } = require('node:buffer'); // not every realm has the global one
const { format, inspect } = require('node:util');

/** Codes of this package's own failures; the ones of Node's errors are Node's. */
const codes = Object.freeze({
  ENGINE_UNKNOWN: 'ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN',
  ENGINE_UNAVAILABLE: 'ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE',
  RESOURCE_DESTROYED: 'ERR_ASYNC_RESOURCE_DESTROYED',
  RESOURCE_THIS: 'ERR_INVALID_THIS',
});

// Errors whose stack has yet to be captured.
const stackless = new WeakSet();

// Node's mark of the errors whose stack shows their code. Stacks are formatted when they are read,
// which most never are, and takes ten times as long as all the rest. Null where there is none.
let codeMark;
const MARKED = Object.freeze({ __proto__: null, value: true });

function findCodeMark() {
  try {
    Buffer.alloc('');
  } catch (error) {
    for (let object = error; object !== null; object = Object.getPrototypeOf(object)) {
      const mark = Object.getOwnPropertySymbols(object)
        .find(({ description }) => description === 'kIsNodeError');
      if (mark !== undefined) return mark;
    }
  }
  return null;
}

/** An error with a code, whose stack begins where `hidden` was called: at the user's call. */
function coded(Base, code, message, hidden = coded) {
  const error = bare(Base, code, message);
  capture(error, hidden);
  return error;
}

/** As `coded()`, for who does not know whose call it ends: `captureStack()` is called later. */
function withoutStack(Base, code, message) {
  const error = bare(Base, code, message);
  stackless.add(error);
  return error;
}

function bare(Base, code, message) {
  const error = withStackTraceLimit(0, () => new Base(message));
  error.code = code;
  markCode(error);
  return error;
}

function markCode(error) {
  if (codeMark === undefined) codeMark = findCodeMark();
  if (codeMark !== null) Object.defineProperty(error, codeMark, MARKED);
}

function capture(error, hidden) {
  if (codeMark !== null) {
    Error.captureStackTrace(error, hidden);
    return;
  }
  // The first line is made from the name, at the first read.
  const name = Object.getOwnPropertyDescriptor(error, 'name');
  Object.defineProperty(error, 'name', {
    __proto__: null, value: `${error.name} [${error.code}]`, configurable: true,
  });
  Error.captureStackTrace(error, hidden);
  void error.stack;
  if (name === undefined) delete error.name;
  else Object.defineProperty(error, 'name', name);
}

/** Has `captureStack()` capture the stack of an error that has a code, and comes from elsewhere. */
function lackStack(error) {
  markCode(error);
  stackless.add(error);
  return error;
}

/** Whether the stack of the error has yet to be captured. */
function lacksStack(error) {
  return stackless.has(error);
}

/**
 * Captures the stack that is still missing, from the call of `hidden` on; without `hidden` it is
 * the first line only. Leaves all other values as they are. Returns the error.
 */
function captureStack(error, hidden) {
  if (!stackless.delete(error)) return error;
  if (hidden !== undefined) capture(error, hidden);
  else withStackTraceLimit(0, () => capture(error));
  return error;
}

/** Gives the error, whose stack is missing, one that was captured before. */
function setStack(error, stack) {
  stackless.delete(error);
  error.stack = stack; // to define it would have the former one formatted first
  return error;
}

/** A place in the program, from the call of `hidden` on, for `stackFrom()`. */
function captureTrace(hidden) {
  const trace = {};
  Error.captureStackTrace(trace, hidden);
  return trace;
}

/** Has the stack of the error, which is missing, be that of a captured place. */
function stackFrom(error, trace) {
  trace.name = `${error.name} [${error.code}]`;
  trace.message = error.message;
  return setStack(error, trace.stack);
}

/**
 * Calls `make` while errors have stacks of so many frames. Without a limit that is a number, V8
 * collects none at all, which is what costs most where it is replaced anyhow.
 */
function withStackTraceLimit(limit, make) {
  const own = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  if (own?.writable !== true) return make();
  Error.stackTraceLimit = limit;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = own.value;
  }
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
      return named ? `an instance of ${name}` : inspect(value, { __proto__: null, depth: -1 });
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
function invalidAsyncId(name, value, hidden) {
  const message = format('Invalid %s value: %s', name, value);
  return coded(RangeError, 'ERR_INVALID_ASYNC_ID', message, hidden);
}

/** What V8 14 says of a call of `undefined`; older versions have "a undefined". */
function notCallable(hidden) {
  const error = new TypeError('Function.prototype.apply was called on undefined, ' +
    'which is undefined and not a function');
  Error.captureStackTrace(error, hidden);
  return error;
}

/** A method was called on something that is not an AsyncResource, where Node ends the process. */
function invalidThis(hidden) {
  return coded(TypeError, codes.RESOURCE_THIS, 'Value of "this" must be of type AsyncResource',
    hidden);
}

/** emitDestroy() was called a second time. */
function resourceDestroyed(asyncId, hidden) {
  return coded(Error, codes.RESOURCE_DESTROYED,
    'emitDestroy() must be called only once; ' +
    `the AsyncResource with async id ${asyncId} was destroyed before`, hidden);
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
  withoutStack,
  lackStack,
  lacksStack,
  captureStack,
  setStack,
  captureTrace,
  stackFrom,
  withStackTraceLimit,
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
