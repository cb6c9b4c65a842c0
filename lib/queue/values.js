'use strict';

// Values as text, because what stands in a job of BullMQ is JSON: a frame of bytes, in base64.
//
// The bytes are the codec's, without shapes (lib/codec/). Not those of v8.serialize(): errors lose
// their code and own properties there, and a version of Node does not read what a newer one has
// written, while servers are updated one after the other. v8.serialize() has only what the codec
// does not know: instances of classes, values that nest too deep.
//
//   u8 format | 1: u32 n, n times u32 length, n attachments, the packet | 2: v8.serialize()'s bytes
//
// Numbers are little endian. A form that differs gets another number: a number is never reused.

const { Buffer } = require('node:buffer');
const v8 = require('node:v8');
const {
  NO_ROOM,
  attachments,
  decode,
  encodeErrorSelfContained,
  encodeSelfContained,
  regionOf,
} = require('../codec/index.js');
const { notCloneable, tooLarge, unreadable } = require('../errors/queue.js');

const CODEC = 1;
const V8 = 2;
const HEADER = 5;
const LENGTH = 4;

const FIRST_SIZE = 2 ** 16;

// In base64 it is shorter than the longest string of V8, and than the 512 MB that Redis takes.
const LARGEST = 2 ** 28;

/** @typedef {{ region: import('../codec/region.js').PacketRegion, bytes: Buffer }} Memory */

/**
 * @param {number} size
 * @returns {Memory}
 */
function allocate(size) {
  const buffer = new ArrayBuffer(size);
  return { region: regionOf(buffer), bytes: Buffer.from(buffer) };
}

/** @type {Memory | undefined} */
let kept;

/**
 * The frame of a value; `undefined` if the codec does not know it.
 *
 * @param {typeof encodeSelfContained} encode
 * @param {unknown} value
 * @param {string} what
 */
function frameOf(encode, value, what) {
  kept ??= allocate(FIRST_SIZE);
  for (let size = FIRST_SIZE; size <= LARGEST; size *= 4) {
    const { region, bytes } = size === FIRST_SIZE ? kept : allocate(size);
    const end = encode(region, HEADER, value);
    if (end >= 0) return framed(bytes, end, attachments() ?? [], what);
    if (end !== NO_ROOM) return undefined;
  }
  throw tooLarge(what, LARGEST);
}

/**
 * @param {Buffer} bytes  where the packet stands, behind the header
 * @param {number} end  of the packet
 * @param {Uint8Array[]} list  the attachments
 * @param {string} what
 */
function framed(bytes, end, list, what) {
  bytes[0] = CODEC;
  bytes.writeUInt32LE(list.length, 1);
  if (list.length === 0) return bytes.toString('base64', 0, end);
  const lengths = Buffer.alloc(list.length * LENGTH);
  let total = end + lengths.length;
  list.forEach((item, i) => {
    lengths.writeUInt32LE(item.length, i * LENGTH);
    total += item.length;
  });
  if (total > LARGEST) throw tooLarge(what, LARGEST);
  const parts = [bytes.subarray(0, HEADER), lengths, ...list, bytes.subarray(HEADER, end)];
  return Buffer.concat(parts, total).toString('base64');
}

/**
 * The text of a value. What a getter of the value throws goes through.
 *
 * @param {unknown} value
 * @param {string} what  it is, in messages
 */
function toText(value, what) {
  const text = frameOf(encodeSelfContained, value, what);
  if (text !== undefined) return text;
  let bytes;
  try {
    bytes = v8.serialize(value);
  } catch (error) {
    throw notCloneable(what, error);
  }
  if (bytes.length > LARGEST) throw tooLarge(what, LARGEST);
  return Buffer.concat([Buffer.of(V8), bytes]).toString('base64');
}

/**
 * The text of whatever was thrown: what does not travel is left out or described.
 *
 * @param {unknown} thrown
 */
function errorToText(thrown) {
  return /** @type {string} */ (frameOf(encodeErrorSelfContained, thrown, 'error'));
}

/**
 * The value of a text.
 *
 * @param {unknown} text
 * @param {string} what  it is, in messages
 */
function fromText(text, what) {
  try {
    return read(text);
  } catch (error) {
    throw unreadable(what, error);
  }
}

/** @param {unknown} text */
function read(text) {
  if (typeof text !== 'string') throw new Error(`it is no text but ${typeof text}`);
  const buffer = new ArrayBuffer(Buffer.byteLength(text, 'base64'));
  const bytes = Buffer.from(buffer);
  bytes.write(text, 'base64');
  switch (bytes[0]) {
    case CODEC:
      return readFrame(buffer, bytes);
    case V8:
      return v8.deserialize(bytes.subarray(1));
    default:
      throw new Error(`the format ${bytes[0]} is not known`);
  }
}

/**
 * @param {ArrayBuffer} buffer
 * @param {Buffer} bytes
 */
function readFrame(buffer, bytes) {
  const count = bytes.readUInt32LE(1);
  let at = HEADER + count * LENGTH;
  /** @type {ArrayBuffer[] | undefined} */
  let list;
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32LE(HEADER + i * LENGTH);
    list ??= [];
    list.push(buffer.slice(at, at + length));
    at += length;
  }
  if (at >= bytes.length) throw new Error('it ends before its value');
  return decode(regionOf(buffer), at, list);
}

module.exports = { toText, errorToText, fromText };
