'use strict';

// How an error with a code is made, and how it gets its stack: from the user's own call on.

const { Buffer } = require('node:buffer'); // not every realm has the global one
const {
  inspect,
  types: { isNativeError },
} = require('node:util');

/** @typedef {Error & { code: string }} CodedError */
/** @typedef {{ name?: string, message?: string, stack?: string }} Trace  a place in the program */

/**
 * Errors whose stack has yet to be captured. Asked also of what was thrown and is no object.
 *
 * @type {WeakSet<any>}
 */
const stackless = new WeakSet();

// Node's mark of the errors whose stack shows their code. Stacks are formatted when they are read,
// which most never are, and takes ten times as long as all the rest. Null where there is none.
/** @type {symbol | null | undefined} */
let codeMark;
const MARKED = Object.freeze({ __proto__: null, value: true });

function findCodeMark() {
  try {
    // @ts-expect-error -- it has to fail
    Buffer.alloc('');
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'RangeError') throw error; // the stack is used up
    let object = /** @type {object | null} */ (error);
    for (; object !== null; object = Object.getPrototypeOf(object)) {
      const mark = Object.getOwnPropertySymbols(object).find(
        ({ description }) => description === 'kIsNodeError',
      );
      if (mark !== undefined) return mark;
    }
  }
  return null;
}

/**
 * An error with a code, whose stack begins where `hidden` was called: at the user's call.
 *
 * @param {new (message: string) => Error} Base
 * @param {string} code
 * @param {string} message
 * @param {Function} [hidden]
 */
function coded(Base, code, message, hidden = coded) {
  const error = bare(Base, code, message);
  capture(error, hidden);
  return error;
}

/**
 * As `coded()`, for who does not know whose call it ends: `captureStack()` is called later.
 *
 * @param {new (message: string) => Error} Base
 * @param {string} code
 * @param {string} message
 */
function withoutStack(Base, code, message) {
  const error = bare(Base, code, message);
  stackless.add(error);
  return error;
}

/**
 * @param {new (message: string) => Error} Base
 * @param {string} code
 * @param {string} message
 */
function bare(Base, code, message) {
  const error = /** @type {CodedError} */ (withStackTraceLimit(0, () => new Base(message)));
  error.code = code;
  markCode(error);
  return error;
}

/** @param {object} error */
function markCode(error) {
  if (codeMark === undefined) codeMark = findCodeMark();
  if (codeMark !== null) Object.defineProperty(error, codeMark, MARKED);
}

/**
 * @param {CodedError} error
 * @param {Function} [hidden]
 */
function capture(error, hidden) {
  if (codeMark !== null) {
    Error.captureStackTrace(error, hidden);
    return;
  }
  // The first line is made from the name, at the first read.
  const name = Object.getOwnPropertyDescriptor(error, 'name');
  Object.defineProperty(error, 'name', {
    __proto__: null,
    value: `${error.name} [${error.code}]`,
    configurable: true,
  });
  Error.captureStackTrace(error, hidden);
  void error.stack;
  if (name === undefined) delete (/** @type {{ name?: string }} */ (error).name);
  else Object.defineProperty(error, 'name', name);
}

/**
 * Has `captureStack()` capture the stack of an error that has a code, and comes from elsewhere.
 * What was thrown may be anything, and stays as it is if it is none of those, or is frozen.
 *
 * @template T
 * @param {T} thrown
 */
function lackStack(thrown) {
  if (isNativeError(thrown) && Object.isExtensible(thrown) && 'code' in thrown) {
    markCode(thrown);
    stackless.add(thrown);
  }
  return thrown;
}

/**
 * Whether the stack of the error has yet to be captured.
 *
 * @param {unknown} error
 */
function lacksStack(error) {
  return stackless.has(error);
}

/**
 * Captures the stack that is still missing, from the call of `hidden` on; without `hidden` it is
 * the first line only. Leaves all other values as they are. Returns the error.
 *
 * @template T
 * @param {T} error
 * @param {Function} [hidden]
 */
function captureStack(error, hidden) {
  if (!stackless.delete(error)) return error;
  const lacking = /** @type {CodedError} */ (error); // what is in the set is one
  if (hidden !== undefined) capture(lacking, hidden);
  else withStackTraceLimit(0, () => capture(lacking));
  return error;
}

/**
 * As `captureStack()`, but leaves the stack missing if it is not known yet where it begins.
 *
 * @template T
 * @param {T} error
 * @param {Function | undefined} hidden
 */
function located(error, hidden) {
  return hidden === undefined ? error : captureStack(error, hidden);
}

/**
 * A cause is an own, non-enumerable property, as the Error constructor makes it.
 *
 * @template {Error} T
 * @param {T} error
 * @param {unknown} cause
 */
function withCause(error, cause) {
  captureStack(cause); // one of ours: nobody called for it
  Object.defineProperty(error, 'cause', {
    __proto__: null,
    value: cause,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return error;
}

/**
 * Gives the error, whose stack is missing, one that was captured before: its first line only if
 * Error.prepareStackTrace() throws.
 *
 * @template {CodedError} T
 * @param {T} error
 * @param {Trace} trace
 */
function setStack(error, trace) {
  stackless.delete(error);
  let stack;
  try {
    ({ stack } = trace);
  } catch {
    stack = `${error.name} [${error.code}]: ${error.message}`;
  }
  error.stack = stack; // to define it would have the former one formatted first
  return error;
}

/**
 * A place in the program, from the call of `hidden` on, for `stackFrom()`.
 *
 * @param {Function} hidden
 */
function captureTrace(hidden) {
  const trace = {};
  Error.captureStackTrace(trace, hidden);
  return trace;
}

/**
 * Has the stack of the error, which is missing, be that of a captured place.
 *
 * @param {CodedError} error
 * @param {Trace} trace
 */
function stackFrom(error, trace) {
  trace.name = `${error.name} [${error.code}]`;
  trace.message = error.message;
  return setStack(error, trace);
}

/**
 * Calls `make` while the stacks of errors have at most `limit` lines. To collect a stack is the
 * most expensive part of an error, and here it is replaced anyhow.
 *
 * @template T
 * @param {number | undefined} limit
 * @param {() => T} make
 */
function withStackTraceLimit(limit, make) {
  const own = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  if (own?.writable !== true) return make();
  Error.stackTraceLimit = /** @type {number} */ (limit); // undefined: V8 collects nothing
  try {
    return make();
  } finally {
    Error.stackTraceLimit = own.value;
  }
}

/**
 * What was received, in the words of Node 26.
 *
 * @param {unknown} value
 */
function describe(value) {
  if (value === undefined || value === null) return `${value}`;
  switch (typeof value) {
    case 'function':
      return `function ${value.name}`;
    case 'bigint':
      return `type bigint (${value}n)`;
    case 'number':
      return `type number (${Object.is(value, -0) ? '-0' : value})`;
    case 'string': {
      const text = value.length > 28 ? `${value.slice(0, 25)}...` : value;
      return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`;
    }
    case 'object': {
      const name = value.constructor?.name;
      const named = typeof name === 'string' && name !== '';
      return named ? `an instance of ${name}` : inspect(value, { __proto__: null, depth: -1 });
    }
    default:
      return `type ${typeof value} (${String(value)})`;
  }
}

module.exports = {
  coded,
  withoutStack,
  lackStack,
  lacksStack,
  captureStack,
  located,
  withCause,
  setStack,
  captureTrace,
  stackFrom,
  withStackTraceLimit,
  describe,
};
