'use strict';

// Encoding of errors and of whatever else was thrown.
//
// An error must arrive, so a part of it that cannot be encoded or throws when it is read is left
// out, while elsewhere it makes the whole value fail. What is thrown must arrive, too: if it cannot
// be encoded, an error that describes it does.

const { inspect, types } = require('node:util');
const { tags, parts, NO_ROOM, NOT_PLAIN, MAX_DEPTH, errorClasses } = require('./tags.js');
const { writeString } = require('./strings.js');

const { ERROR, ARRAY } = tags;
const { getPrototypeOf, getOwnPropertyDescriptor, keys: ownKeys } = Object;
const { isArray } = Array;

const classOfPrototype = new Map(errorClasses.map((Class, index) => [Class.prototype, index]));
const classOfName = new Map(errorClasses.map((Class, index) => [Class.name, index]));
const AGGREGATE_ERROR = classOfName.get('AggregateError');
const isPrototypeOf = Function.prototype.call.bind(Object.prototype.isPrototypeOf);
const exceptionPrototype = DOMException.prototype;

/** Whether a value is an error, of whatever realm. */
function isError(value) {
  return types.isNativeError(value) || isException(value);
}

// To V8, a DOMException is an error only since Node 24 or so. A proxy must not be asked.
function isException(value) {
  return !types.isProxy(value) && isPrototypeOf(exceptionPrototype, value);
}

// What `read` gives, undefined if it throws.
function attempt(read, argument) {
  try {
    return read(argument);
  } catch {
    return undefined;
  }
}

const nameIn = (error) => error.name;
const messageIn = (error) => error.message;
const stackIn = (error) => error.stack;
const codeIn = (error) => error.code;
const description = (value) => inspect(value, { depth: 0, customInspect: false, getters: false });
const brief = (value) => (typeof value === 'symbol' ? String(value) : description(value));

// The nearest standard class: of the prototypes, or by the name for an error of another realm.
function classOf(error, name) {
  for (let at = getPrototypeOf(error); at !== null; at = getPrototypeOf(at)) {
    const index = classOfPrototype.get(at);
    if (index !== undefined) return index;
  }
  return classOfName.get(name) ?? 0;
}

/**
 * Writes an error; gives the position after it or a negative code. `write` writes what is in it,
 * `text` is its message if it has none.
 */
function writeError(out, error, at, depth, write, text = '') {
  const keys = attempt(ownKeys, error) ?? [];
  const hidden = (key) => !keys.includes(key); // the others travel as properties
  const name = attempt(nameIn, error);
  const index = attempt((value) => classOf(value, name), error) ?? 0;
  const record = startRecord(out, index, at);
  if (typeof name === 'string' && name !== errorClasses[index].name && hidden('name')) {
    putString(record, parts.NAME, name);
  }
  const message = attempt(String, attempt(messageIn, error) ?? text) ?? text;
  if (message !== '' && hidden('message')) putString(record, parts.MESSAGE, message);
  const stack = attempt(stackIn, error);
  if (typeof stack === 'string' && hidden('stack')) putString(record, parts.STACK, stack);
  if (hidden('cause')) putCause(record, error, depth, write);
  if (index === AGGREGATE_ERROR && hidden('errors')) putErrors(record, error, depth, write);
  putProperties(record, error, keys, depth, write);
  return endRecord(record);
}

// The position goes negative when there is no room; nothing is written after that.
function startRecord(out, index, at) {
  const position = at + 3 > out.end ? NO_ROOM : at + 3;
  return { out, index, at, flags: 0, position };
}

function endRecord({ out, index, at, flags, position }) {
  if (position < 0) return position;
  out.bytes[at] = ERROR;
  out.bytes[at + 1] = index;
  out.bytes[at + 2] = flags;
  return position;
}

function putString(record, part, text) {
  if (record.position < 0) return;
  record.flags |= part;
  record.position = writeString(record.out, text, record.position);
}

function putCause(record, error, depth, write) {
  const cause = attempt((value) => getOwnPropertyDescriptor(value, 'cause'), error);
  if (cause === undefined || record.position < 0) return;
  const value = attempt((of) => of.cause, error);
  const position = writeThrown(record.out, value, record.position, depth + 1, write);
  record.flags |= parts.CAUSE;
  record.position = position;
}

// Each of the errors is there, at its place.
function putErrors(record, error, depth, write) {
  const errors = attempt((value) => value.errors, error);
  const isList = attempt(isArray, errors);
  if (!isList || record.position < 0) return;
  const { out } = record;
  const number = out.numberOf(errors);
  // An array that is met for the second time is left out: it would have to be a reference.
  if (number >= 0) return;
  const length = attempt((list) => list.length, errors) ?? 0;
  let position = record.position + 5;
  if (position <= out.end) {
    out.bytes[record.position] = ARRAY;
    out.view.setUint32(record.position + 1, length, true);
    for (let i = 0; i < length && position >= 0; i++) {
      const item = attempt((list) => list[i], errors);
      position = writeThrown(out, item, position, depth + 2, write);
    }
  } else {
    position = NO_ROOM;
  }
  record.flags |= parts.ERRORS;
  record.position = position;
}

function putProperties(record, error, keys, depth, write) {
  const { out } = record;
  const start = record.position;
  if (start < 0) return;
  if (start + 4 > out.end) {
    if (keys.length > 0) record.position = NO_ROOM;
    return;
  }
  let count = 0;
  record.position = start + 4;
  const put = (key, read) => {
    if (record.position < 0) return;
    const position = tryProperty(out, key, read, record.position, depth, write);
    if (position === NOT_PLAIN) return;
    record.position = position;
    count++;
  };
  for (const key of keys) put(key, () => error[key]);
  // The number that DOMException has in its prototype.
  if (attempt(isException, error) && !keys.includes('code')) put('code', () => codeIn(error));
  if (record.position < 0) return;
  if (count === 0) {
    record.position = start;
  } else {
    record.flags |= parts.PROPERTIES;
    out.view.setUint32(start, count, true);
  }
}

function tryProperty(out, key, read, at, depth, write) {
  const position = writeString(out, key, at);
  return position < 0 ? position : tryWrite(out, read, position, depth + 1, write);
}

// Writes what `read` gives; NOT_PLAIN, and as if nothing had happened, if that fails.
function tryWrite(out, read, at, depth, write) {
  const mark = out.mark();
  let position = NOT_PLAIN;
  try {
    position = write(out, read(), at, depth);
  } catch {
    // A getter threw: the value has no such property for us.
  }
  if (position === NOT_PLAIN) out.rewind(mark);
  return position;
}

/**
 * Writes anything that may have been thrown, as what is closest to it; gives the position after it
 * or NO_ROOM.
 */
function writeThrown(out, thrown, at, depth, write) {
  const position = tryWrite(out, () => thrown, at, depth, write);
  return position === NOT_PLAIN ? writeSubstitute(out, thrown, at, depth, write) : position;
}

// An error in the place of what cannot travel. An instance of a class keeps what it shows, as an
// error would. The parts of a plain object have been tried already: that is not repeated, or nested
// ones would be tried twice as often with every level.
function writeSubstitute(out, thrown, at, depth, write) {
  // The record has a number in any case, of its own if need be.
  if (out.numberOf(thrown) >= 0) out.numberOf({});
  const text = `Cannot be cloned: ${attempt(brief, thrown) ?? 'a value'}`;
  if (depth <= MAX_DEPTH && attempt(isInstance, thrown) === true) {
    return writeError(out, thrown, at, depth, write, text);
  }
  const record = startRecord(out, 0, at);
  putString(record, parts.MESSAGE, text);
  return endRecord(record);
}

function isInstance(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype && prototype !== Array.prototype;
}

module.exports = { isError, writeError, writeThrown };
