'use strict';

// Encoding: of a value (write.js), or of what was thrown (write-error.js).

const { Object } = require('./built-ins.js');
const { NO_ROOM, NOT_PLAIN } = require('./refusals.js');
const { Output } = require('./output.js');
const { write, writeNumber, writeTag } = require('./write.js');
const { writeThrown } = require('./write-error.js');
const { FALSE, NUMBERED, TRUE, UNDEFINED } = require('../wire/tag.js');

const plainPrototype = Object.prototype;

// One that is not in use. A getter of a value may encode, so more than one may be in use.
/** @type {Output | null} */
let idle = new Output(write);

/** @type {Uint8Array[] | undefined}  beside the value that was encoded last */
let taken;

/**
 * Encodes a value into the region. Gives the position after it, NO_ROOM if it does not fit, or
 * NOT_PLAIN if only a MessagePort can carry it. What a getter of the value throws goes through.
 * While a getter runs, nothing else can be encoded into the same region (NOT_PLAIN).
 *
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {unknown} value
 */
function encode(region, position, value) {
  if (region.writing) return fail(NOT_PLAIN);
  // Many results are a number or nothing, and an Output takes longer to open than they to write.
  taken = undefined;
  if (typeof value === 'number') return writeNumber(region, value, position);
  if (typeof value === 'boolean') return writeTag(region, value ? TRUE : FALSE, position);
  if (value === undefined) return writeTag(region, UNDEFINED, position);
  return encodeWith(write, region, position, value, false);
}

/**
 * Encodes anything that was thrown, as what is closest to it: never NOT_PLAIN, never throws. Gives
 * NO_ROOM, too, while a getter of a value runs that is being encoded into this region.
 *
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {unknown} thrown
 */
function encodeError(region, position, thrown) {
  return region.writing ? fail(NO_ROOM) : encodeWith(writeThrown, region, position, thrown, false);
}

/**
 * As encode(), for another process: without shapes, which only this one knows.
 *
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {unknown} value
 */
function encodeSelfContained(region, position, value) {
  return region.writing ? fail(NOT_PLAIN) : encodeWith(write, region, position, value, true);
}

/**
 * As encodeError(), for another process.
 *
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {unknown} thrown
 */
function encodeErrorSelfContained(region, position, thrown) {
  return region.writing ? fail(NO_ROOM) : encodeWith(writeThrown, region, position, thrown, true);
}

/** @param {number} code */
function fail(code) {
  taken = undefined;
  return code;
}

/**
 * @param {(out: Output, value: unknown, at: number, depth: number) => number} writer
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {unknown} value
 * @param {boolean} selfContained
 */
function encodeWith(writer, region, position, value, selfContained) {
  const out = idle ?? new Output(write);
  idle = null;
  taken = undefined;
  out.open(region, position, isPolluted(), selfContained);
  region.writing = true;
  try {
    let end = writer(out, value, position, 1);
    if (out.repeated && end >= 0) end = insertNumbered(out, position, end);
    taken = end < 0 ? undefined : out.attached;
    return end;
  } finally {
    // By no call, because the stack may be used up: the region would seem in use for ever.
    region.writing = false;
    out.close();
    idle = out;
  }
}

function isPolluted() {
  for (const key in plainPrototype) return key !== undefined;
  return false;
}

/**
 * @param {import('./output.js').Output} out
 * @param {number} start
 * @param {number} end
 */
function insertNumbered(out, start, end) {
  if (end >= out.end) return NO_ROOM;
  out.bytes.copyWithin(start + 1, start, end);
  out.bytes[start] = NUMBERED;
  return end + 1;
}

/**
 * The binary data that the value just encoded refers to by index, as Uint8Arrays over the memory of
 * the value; undefined if there is none. To be asked once, right after encoding.
 */
function attachments() {
  const list = taken;
  taken = undefined;
  return list;
}

module.exports = {
  encode,
  encodeError,
  encodeSelfContained,
  encodeErrorSelfContained,
  attachments,
};
