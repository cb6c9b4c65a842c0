'use strict';

// Encoding of what the language and Node build in: everything but plain objects and arrays.
//
// What an object is, its internals say (util.types), and its prototype must be the one that belongs
// to it: an instance of a subclass would arrive as something else. The accessors are the original
// ones, so that own properties that hide them have no effect.

const {
  Map,
  asIntN,
  bigIntToString,
  forEachOfMap,
  forEachOfSet,
  getOfMap,
  getTime,
  getterOf,
  types,
  uncurry,
} = require('./built-ins.js');
const { NO_ROOM, NOT_PLAIN } = require('./refusals.js');
const { writeString } = require('./strings.js');
const { writeBinary } = require('./binary.js');
const { isError } = require('./thrown.js');
const { writeError } = require('./write-error.js');
const { BIGINT64, BIGINT_DIGITS, DATE, REGEXP, MAP, SET, BOXED } = require('../wire/tag.js');

/**
 * @typedef {(out: import('./output.js').Output, value: any, at: number, depth: number) => number
 *   } Writer  for values of one class: their prototype says what they claim to be
 */

const sourceOf = getterOf(RegExp.prototype, 'source');
const flagsOf = getterOf(RegExp.prototype, 'flags');

/**
 * Writes a BigInt; gives the position after it or NO_ROOM.
 *
 * @param {import('./output.js').Output} out
 * @param {bigint} value
 * @param {number} at
 */
function writeBigInt(out, value, at) {
  if (at + 9 > out.end) return NO_ROOM;
  if (asIntN(64, value) === value) {
    out.bytes[at] = BIGINT64;
    out.view.setBigInt64(at + 1, value, true);
    return at + 9;
  }
  out.bytes[at] = BIGINT_DIGITS;
  out.bytes[at + 1] = value < 0n ? 1 : 0;
  return writeString(out, bigIntToString(value < 0n ? -value : value, 16), at + 2);
}

/**
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {number} at
 */
function writeDate(out, value, at) {
  if (!types.isDate(value)) return NOT_PLAIN;
  if (at + 9 > out.end) return NO_ROOM;
  out.bytes[at] = DATE;
  out.view.setFloat64(at + 1, getTime(value), true);
  return at + 9;
}

/**
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {number} at
 */
function writeRegExp(out, value, at) {
  if (!types.isRegExp(value)) return NOT_PLAIN;
  if (at >= out.end) return NO_ROOM;
  out.bytes[at] = REGEXP;
  const position = writeString(out, sourceOf(value), at + 1);
  return position < 0 ? position : writeString(out, flagsOf(value), position);
}

/**
 * The entries are taken first, as a clone does: a getter may change the collection.
 *
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {number} at
 * @param {number} depth
 */
function writeMap(out, value, at, depth) {
  if (!types.isMap(value)) return NOT_PLAIN;
  /** @type {unknown[]} */
  const list = [];
  let count = 0;
  forEachOfMap(value, (item, key) => {
    list[count++] = key;
    list[count++] = item;
  });
  return writeCollection(out, MAP, list, count / 2, at, depth);
}

/**
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {number} at
 * @param {number} depth
 */
function writeSet(out, value, at, depth) {
  if (!types.isSet(value)) return NOT_PLAIN;
  /** @type {unknown[]} */
  const list = [];
  let count = 0;
  forEachOfSet(value, (item) => {
    list[count++] = item;
  });
  return writeCollection(out, SET, list, count, at, depth);
}

/**
 * @param {import('./output.js').Output} out
 * @param {number} tag
 * @param {unknown[]} list
 * @param {number} count
 * @param {number} at
 * @param {number} depth
 */
function writeCollection(out, tag, list, count, at, depth) {
  let position = at + 5;
  if (position > out.end) return NO_ROOM;
  out.bytes[at] = tag;
  out.view.setUint32(at + 1, count, true);
  for (let i = 0; i < list.length; i++) {
    position = out.write(list[i], position, depth + 1);
    if (position < 0) return position;
  }
  return position;
}

/**
 * @param {(value: unknown) => boolean} isBoxed
 * @param {{ valueOf: () => unknown }} prototype
 * @returns {Writer}
 */
function boxedWriter(isBoxed, { valueOf }) {
  const unbox = uncurry(valueOf);
  return (out, value, at, depth) => {
    if (!isBoxed(value)) return NOT_PLAIN;
    if (at >= out.end) return NO_ROOM;
    out.bytes[at] = BOXED;
    return out.write(unbox(value), at + 1, depth + 1);
  };
}

/** @type {[prototype: object, writer: Writer][]} */
const byPrototype = [
  [Date.prototype, writeDate],
  [RegExp.prototype, writeRegExp],
  [Map.prototype, writeMap],
  [Set.prototype, writeSet],
  [Boolean.prototype, boxedWriter(types.isBooleanObject, Boolean.prototype)],
  [Number.prototype, boxedWriter(types.isNumberObject, Number.prototype)],
  [String.prototype, boxedWriter(types.isStringObject, String.prototype)],
  [BigInt.prototype, boxedWriter(types.isBigIntObject, BigInt.prototype)],
];
const writers = new Map(byPrototype);

/**
 * Writes an object that is neither plain nor an array; gives the position after it or a negative
 * code.
 *
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {object | null} prototype
 * @param {number} at
 * @param {number} depth
 */
function writeBuiltin(out, value, prototype, at, depth) {
  const writer = getOfMap(writers, prototype);
  if (writer !== undefined) return writer(out, value, at, depth);
  if (isError(value)) return writeError(out, value, at, depth);
  return writeBinary(out, value, prototype, at);
}

const checks = [
  types.isArrayBufferView,
  types.isMap,
  types.isSet,
  types.isDate,
  types.isNativeError,
  types.isPromise,
  types.isRegExp,
  types.isBoxedPrimitive,
  types.isAnyArrayBuffer,
  types.isWeakMap,
  types.isWeakSet,
  types.isMapIterator,
  types.isSetIterator,
  types.isGeneratorObject,
  types.isExternal,
].filter((check) => check !== undefined); // Deno has not all of them

/**
 * Whether an object whose prototype says that it is plain is something else.
 *
 * @param {unknown} value
 */
function isBuiltin(value) {
  for (let i = 0; i < checks.length; i++) if (checks[i](value)) return true;
  return false;
}

module.exports = { writeBigInt, writeBuiltin, isBuiltin };
