'use strict';

// Encoding of errors and of whatever else was thrown.
//
// An error must arrive, so a part of it that cannot be encoded or throws when it is read is left
// out, while elsewhere it makes the whole value fail. What is thrown must arrive, too: if it cannot
// be encoded, an error that describes it does.
//
// To leave a part out, it is first tried. Many errors may refer to the same large thing that cannot
// be encoded, so there is a limit to what is tried in vain: see Output.mayTry().

const { String, errorClasses, isArray, ownKeys } = require('./built-ins.js');
const { NO_ROOM, NOT_PLAIN } = require('./refusals.js');
const { writeString } = require('./strings.js');
const {
  attempt,
  brief,
  classOf,
  hasOwnIn,
  includes,
  isInstance,
  messageIn,
  nameIn,
  shorten,
  stackIn,
} = require('./thrown.js');
const {
  ERROR,
  ARRAY,
  MAX_DEPTH,
  PART_NAME,
  PART_MESSAGE,
  PART_STACK,
  PART_CAUSE,
  PART_ERRORS,
  PART_PROPERTIES,
  PART_ERROR,
  PART_SUPPRESSED,
  CLASS_ERROR,
  CLASS_QUOTA_EXCEEDED_ERROR,
} = require('../wire/tag.js');

// What cannot be encoded may have any number of properties, which its description shows.
const MAX_DESCRIPTION = 1024;

/** @typedef {import('./output.js').Output} Output */
/** @typedef {any} Thrown  whatever was thrown, with whatever properties; to read one may throw */

/**
 * An error that is being written.
 *
 * @typedef {{ out: Output, index: number, at: number, flags: number, position: number }
 *   } ErrorRecord
 */

/**
 * Writes an error; gives the position after it or a negative code. `text` is its message if it has
 * none.
 *
 * @param {Output} out
 * @param {object} error
 * @param {number} at
 * @param {number} depth
 * @param {string} [text]
 */
function writeError(out, error, at, depth, text = '') {
  const keys = attempt(ownKeys, error) ?? [];
  /** @param {string} key */
  const hidden = (key) => !includes(keys, key); // the others travel as properties
  const name = attempt(nameIn, error);
  const index = attempt((value) => classOf(value, name), error) ?? CLASS_ERROR;
  const record = startRecord(out, index, at);
  if (typeof name === 'string' && name !== errorClasses[index]?.name && hidden('name')) {
    putString(record, PART_NAME, name);
  }
  const message = attempt(String, attempt(messageIn, error) ?? text) ?? text;
  if (message !== '' && hidden('message')) putString(record, PART_MESSAGE, message);
  const stack = attempt(stackIn, error);
  if (typeof stack === 'string' && hidden('stack')) putString(record, PART_STACK, stack);
  if (hidden('cause')) putThrown(record, PART_CAUSE, 'cause', error, depth);
  if (hidden('errors')) putErrors(record, error, depth);
  if (hidden('error')) putThrown(record, PART_ERROR, 'error', error, depth);
  if (hidden('suppressed')) putThrown(record, PART_SUPPRESSED, 'suppressed', error, depth);
  putProperties(record, error, keys, depth);
  return endRecord(record);
}

/**
 * The position goes negative when there is no room; nothing is written after that.
 *
 * @param {Output} out
 * @param {number} index
 * @param {number} at
 */
function startRecord(out, index, at) {
  const position = at + 3 > out.end ? NO_ROOM : at + 3;
  return { out, index, at, flags: 0, position };
}

/** @param {ErrorRecord} record */
function endRecord({ out, index, at, flags, position }) {
  if (position < 0) return position;
  out.bytes[at] = ERROR;
  out.bytes[at + 1] = index;
  out.bytes[at + 2] = flags;
  return position;
}

/**
 * @param {ErrorRecord} record
 * @param {number} part
 * @param {string} text
 */
function putString(record, part, text) {
  if (record.position < 0) return;
  record.flags |= part;
  record.position = writeString(record.out, text, record.position);
}

/**
 * What an error has as its cause or as what it suppressed may be anything that was thrown.
 *
 * @param {ErrorRecord} record
 * @param {number} part
 * @param {string} key
 * @param {Thrown} error
 * @param {number} depth
 */
function putThrown(record, part, key, error, depth) {
  if (record.position < 0 || !hasOwnIn(error, key)) return;
  const value = attempt((of) => of[key], error);
  record.flags |= part;
  record.position = writeThrown(record.out, value, record.position, depth + 1);
}

/**
 * Each of the errors is there, at its place.
 *
 * @param {ErrorRecord} record
 * @param {Thrown} error
 * @param {number} depth
 */
function putErrors(record, error, depth) {
  if (record.position < 0 || !hasOwnIn(error, 'errors')) return;
  const errors = attempt((value) => value.errors, error);
  if (!attempt(isArray, errors)) return;
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
      position = writeThrown(out, item, position, depth + 2);
    }
  } else {
    position = NO_ROOM;
  }
  record.flags |= PART_ERRORS;
  record.position = position;
}

/**
 * @param {ErrorRecord} record
 * @param {object} error
 * @param {readonly string[]} keys
 * @param {number} depth
 */
function putProperties(record, error, keys, depth) {
  const { out } = record;
  const start = record.position;
  if (start < 0) return;
  if (start + 4 > out.end) {
    if (keys.length > 0) record.position = NO_ROOM;
    return;
  }
  let count = 0;
  record.position = start + 4;
  /** @param {string} key */
  const put = (key) => {
    if (record.position < 0) return;
    const position = writeProperty(out, error, key, record.position, depth);
    if (position === NOT_PLAIN) return;
    record.position = position;
    count++;
  };
  for (let i = 0; i < keys.length; i++) put(keys[i]);
  if (record.index === CLASS_QUOTA_EXCEEDED_ERROR) {
    // behind getters of its prototype
    put('quota');
    put('requested');
  }
  if (record.position < 0) return;
  if (count === 0) {
    record.position = start;
  } else {
    record.flags |= PART_PROPERTIES;
    out.view.setUint32(start, count, true);
  }
}

/**
 * @param {Output} out
 * @param {Thrown} error
 * @param {string} key
 * @param {number} at
 * @param {number} depth
 */
function writeProperty(out, error, key, at, depth) {
  const position = writeString(out, key, at);
  if (position < 0) return position;
  let value;
  try {
    value = error[key];
  } catch {
    return NOT_PLAIN; // the error has no such property for us
  }
  switch (key) {
    // What says what went wrong is not left out.
    case 'cause':
    case 'error':
    case 'suppressed':
      return writeThrown(out, value, position, depth + 1);
    case 'name':
    case 'message':
    case 'stack':
      return writeText(out, value, position, depth + 1);
    default:
      return tryWrite(out, value, position, depth + 1);
  }
}

/**
 * The value itself or, if it does not travel, the text that a print of the error shows.
 *
 * @param {Output} out
 * @param {unknown} value
 * @param {number} at
 * @param {number} depth
 */
function writeText(out, value, at, depth) {
  const position = tryWrite(out, value, at, depth);
  if (position !== NOT_PLAIN) return position;
  const text = attempt(String, value);
  return text === undefined ? NOT_PLAIN : writeString(out, text, at);
}

/**
 * NOT_PLAIN, and as if nothing had happened, if the value cannot be written.
 *
 * @param {Output} out
 * @param {unknown} value
 * @param {number} at
 * @param {number} depth
 */
function tryWrite(out, value, at, depth) {
  if (typeof value !== 'object' || value === null) return out.write(value, at, depth);
  if (!out.mayTry(at)) return NOT_PLAIN;
  const mark = out.mark(at);
  let position = NOT_PLAIN;
  let threw = true;
  try {
    position = out.write(value, at, depth);
    threw = false;
  } catch {
    // A getter threw: the value is none for us.
  }
  if (position === NOT_PLAIN) out.rewind(mark, threw);
  return position;
}

/**
 * Writes anything that may have been thrown, as what is closest to it; gives the position after it
 * or NO_ROOM.
 *
 * @param {Output} out
 * @param {unknown} thrown
 * @param {number} at
 * @param {number} depth
 */
function writeThrown(out, thrown, at, depth) {
  const position = tryWrite(out, thrown, at, depth);
  return position === NOT_PLAIN ? writeSubstitute(out, thrown, at, depth) : position;
}

/**
 * An error in the place of what cannot travel. An instance of a class keeps what it shows, as an
 * error would. The parts of a plain object have been tried already: that is not repeated, or nested
 * ones would be tried twice as often with every level.
 *
 * @param {Output} out
 * @param {unknown} thrown
 * @param {number} at
 * @param {number} depth
 */
function writeSubstitute(out, thrown, at, depth) {
  // The record has a number in any case, of its own if need be.
  if (out.numberOf(thrown) >= 0) out.numberOf({});
  const shown = (out.mayTry(at) ? attempt(brief, thrown) : undefined) ?? 'a value';
  const text = `Cannot be cloned: ${shorten(shown, MAX_DESCRIPTION)}`;
  out.wasted += shown.length;
  if (depth <= MAX_DEPTH && attempt(isInstance, thrown) === true) {
    return writeError(out, /** @type {object} */ (thrown), at, depth, text);
  }
  const record = startRecord(out, CLASS_ERROR, at);
  putString(record, PART_MESSAGE, text);
  return endRecord(record);
}

module.exports = { writeError, writeThrown };
