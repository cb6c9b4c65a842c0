'use strict';

// Decoding of errors: real instances, with the stack of the thread they come from.

const { Error, defineProperty, errorClasses } = require('./built-ins.js');
const { parts, AGGREGATE_ERROR, DOM_EXCEPTION, QUOTA_ERROR } = require('./tags.js');
const { readString } = require('./strings.js');
const { withStackTraceLimit } = require('../errors/coded.js');

/** Reads an error, after its tag. `read` reads what is in it. */
function readError(input, read) {
  const index = input.bytes[input.at];
  const flags = input.bytes[input.at + 1];
  input.at += 2;
  const Class = errorClasses[index];
  if (Class === undefined) throw new Error(`The frame has an unknown class of errors: ${index}`);
  const has = (part) => (flags & part) !== 0;
  const name = has(parts.NAME) ? readString(input) : Class.name;
  const message = has(parts.MESSAGE) ? readString(input) : '';
  const error = input.met(
    withStackTraceLimit(undefined, () => construct(Class, index, message, name)));
  if (index !== DOM_EXCEPTION) {
    if (has(parts.NAME)) set(error, 'name', name, false);
    if (has(parts.MESSAGE) && index !== QUOTA_ERROR) set(error, 'message', message, false);
  }
  const stack = has(parts.STACK) ? readString(input) : firstLine(name, message);
  set(error, 'stack', stack, false);
  if (has(parts.CAUSE)) set(error, 'cause', read(input), false);
  if (has(parts.ERRORS)) set(error, 'errors', read(input), false);
  if (has(parts.ERROR)) set(error, 'error', read(input), false);
  if (has(parts.SUPPRESSED)) set(error, 'suppressed', read(input), false);
  if (has(parts.PROPERTIES)) {
    let left = input.view.getUint32(input.at, true);
    input.at += 4;
    for (; left > 0; left--) {
      const key = readString(input);
      set(error, key, read(input), true);
    }
  }
  return error;
}

const firstLine = (name, message) => (message === '' ? name : `${name}: ${message}`);

// What the DOM's exceptions are called and say lies behind getters of their prototype.
function construct(Class, index, message, name) {
  switch (index) {
    case AGGREGATE_ERROR: return new Class([]);
    case DOM_EXCEPTION: return new Class(message, name);
    case QUOTA_ERROR: return new Class(message);
    default: return new Class();
  }
}

function set(error, key, value, enumerable) {
  defineProperty(error, key, {
    __proto__: null, value, writable: true, enumerable, configurable: true,
  });
}

module.exports = { readError };
