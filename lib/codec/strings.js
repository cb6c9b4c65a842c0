'use strict';

// Strings. Short ones are moved unit by unit, which is faster than a call into C++; long ones by
// Buffer's methods. Strings outside of Latin-1 travel as UTF-16, because UTF-8 would lose unpaired
// surrogates.

const { NO_ROOM } = require('./refusals.js');
const { charCodeAt, exec } = require('./built-ins.js');
const { SHORT_LATIN1, LATIN1, UTF16 } = require('../wire/tag.js');

const MAX_SHORT = 31;

// Answered without looking at the text if V8 stores it in single bytes.
const BEYOND_LATIN1 = /[^\0-\xff]/;

/**
 * Writes a string; gives the position after it or NO_ROOM.
 *
 * @param {import('./output.js').Output} out
 * @param {string} value
 * @param {number} at
 */
function writeString(out, value, at) {
  const { length } = value;
  if (length > MAX_SHORT) return writeLong(out, value, at);
  const start = at + 2;
  if (start + length > out.end) return NO_ROOM;
  const { bytes } = out;
  bytes[at] = SHORT_LATIN1;
  bytes[at + 1] = length;
  for (let i = 0; i < length; i++) {
    const unit = charCodeAt(value, i);
    if (unit > 255) return writeLong(out, value, at);
    bytes[start + i] = unit;
  }
  return start + length;
}

/**
 * @param {import('./output.js').Output} out
 * @param {string} value
 * @param {number} at
 */
function writeLong(out, value, at) {
  const start = at + 5;
  if (start + value.length > out.end) return NO_ROOM; // before a look at the text
  const wide = exec(BEYOND_LATIN1, value) !== null;
  const byteLength = wide ? 2 * value.length : value.length;
  if (start + byteLength > out.end) return NO_ROOM;
  out.bytes[at] = wide ? UTF16 : LATIN1;
  out.view.setUint32(at + 1, byteLength, true);
  if (wide) out.bytes.writeUtf16(value, start, byteLength);
  else out.bytes.writeLatin1(value, start, byteLength);
  return (out.reached = start + byteLength);
}

// The same short strings come again and again. Each is looked for at one place, by a hash of its
// length and three of its bytes, and compared in full: a match costs no call and no memory.
const CACHE_MASK = 1023;
/** @type {string[]} */
const cache = [];
for (let i = 0; i <= CACHE_MASK; i++) cache[i] = '';

/**
 * Reads a short string, after its tag.
 *
 * @param {import('./decode.js').DecoderInput} input
 */
function readShort(input) {
  const { bytes } = input;
  const length = bytes[input.at];
  const start = input.at + 1;
  const end = start + length;
  input.at = end;
  if (length > MAX_SHORT) return input.bytes.readLatin1(start, end);
  if (length === 0) return '';
  const place =
    CACHE_MASK &
    (length * 31 + bytes[start] * 7 + bytes[start + (length >> 1)] * 13 + bytes[end - 1] * 17);
  const known = cache[place];
  if (known.length === length) {
    let i = 0;
    while (i < length && charCodeAt(known, i) === bytes[start + i]) i++;
    if (i === length) return known;
  }
  return (cache[place] = input.bytes.readLatin1(start, end));
}

/**
 * Reads a long string, after its tag, which is LATIN1 or UTF16.
 *
 * @param {import('./decode.js').DecoderInput} input
 * @param {number} tag
 */
function readLong(input, tag) {
  const start = input.at + 4;
  const end = start + input.view.getUint32(input.at, true);
  input.at = end;
  return tag === LATIN1 ? input.bytes.readLatin1(start, end) : input.bytes.readUtf16(start, end);
}

/**
 * Reads a string, from its tag on.
 *
 * @param {import('./decode.js').DecoderInput} input
 */
function readString(input) {
  const tag = input.bytes[input.at++];
  switch (tag) {
    case SHORT_LATIN1:
      return readShort(input);
    case LATIN1:
    case UTF16:
      return readLong(input, tag);
    default:
      throw new Error(`The packet has the tag ${tag} where a string belongs`);
  }
}

module.exports = { writeString, readShort, readLong, readString };
