'use strict';

// Decoding of what the language and Node build in: everything but plain objects and arrays.

const { BigInt, Date, Map, Object, RegExp, Set, addToSet, setInMap } = require('./built-ins.js');
const { readString } = require('./strings.js');
const { readBytes, readAttached } = require('./binary.js');
const { readError } = require('./read-error.js');
const {
  BIGINT64,
  BIGINT_DIGITS,
  DATE,
  REGEXP,
  MAP,
  SET,
  BOXED,
  BYTES,
  ATTACHED,
  ERROR,
} = require('../wire/tag.js');

/**
 * Reads what has one of the tags of this file. `read` reads what is in it.
 *
 * @param {import('./decode.js').DecoderInput} input
 * @param {number} tag
 * @param {import('./decode.js').Read} read
 */
function readRare(input, tag, read) {
  switch (tag) {
    case BIGINT64:
      input.at += 8;
      return input.view.getBigInt64(input.at - 8, true);
    case BIGINT_DIGITS:
      return readBigInt(input);
    case DATE:
      input.at += 8;
      return input.met(new Date(input.view.getFloat64(input.at - 8, true)));
    case REGEXP: {
      const source = readString(input);
      return input.met(new RegExp(source, readString(input)));
    }
    case MAP:
      return readMap(input, read);
    case SET:
      return readSet(input, read);
    case BOXED:
      return readBoxed(input, read);
    case BYTES:
      return input.met(readBytes(input));
    case ATTACHED:
      return input.met(readAttached(input));
    case ERROR:
      return readError(input, read);
    default:
      throw new Error(`The packet has an unknown tag ${tag}`);
  }
}

/** @param {import('./decode.js').DecoderInput} input */
function readBigInt(input) {
  const negative = input.bytes[input.at++] === 1;
  const magnitude = BigInt(`0x${readString(input)}`);
  return negative ? -magnitude : magnitude;
}

/**
 * @param {import('./decode.js').DecoderInput} input
 * @param {import('./decode.js').Read} read
 */
function readMap(input, read) {
  const map = input.met(new Map());
  for (let left = input.readUint32(); left > 0; left--) {
    const key = read(input);
    setInMap(map, key, read(input));
  }
  return map;
}

/**
 * @param {import('./decode.js').DecoderInput} input
 * @param {import('./decode.js').Read} read
 */
function readSet(input, read) {
  const set = input.met(new Set());
  for (let left = input.readUint32(); left > 0; left--) addToSet(set, read(input));
  return set;
}

/**
 * What is boxed is a primitive and so has no number: it may be read first.
 *
 * @param {import('./decode.js').DecoderInput} input
 * @param {import('./decode.js').Read} read
 */
function readBoxed(input, read) {
  return input.met(Object(read(input)));
}

module.exports = { readRare };
