'use strict';

// Values for another process: a frame of bytes.
//
// The bytes are the codec's, without shapes. Not those of v8.serialize(): errors lose their code
// and own properties there, and a version of Node does not read what a newer one has written.
// v8.serialize() has only what the codec does not know: instances of classes, values that nest too
// deep.
//
//   u8 format | 1: u32 n, n times u32 length, n attachments, the packet | 2: v8.serialize()'s bytes
//
// Numbers are little endian. A form that differs gets another number: a number is never reused.

const { Buffer } = require('node:buffer');
const v8 = require('node:v8');
const { NO_ROOM, NOT_PLAIN, attachments, decode, regionOf } = require('./index.js');

const CODEC = 1;
const V8 = 2;
const HEADER = 5;
const LENGTH = 4;

const FIRST_SIZE = 2 ** 16;

/**
 * The most bytes of a frame. In base64 it is shorter than the longest string of V8, and than the
 * 512 MB that Redis takes.
 */
const LARGEST = 2 ** 28;

/** @typedef {{ region: import('./region.js').PacketRegion, bytes: Buffer }} Memory */

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
 * The frame of a value: bytes that stay as they are until the next call, NOT_PLAIN if the codec
 * does not know the value, or NO_ROOM if it is too large. What a getter of the value throws goes
 * through.
 *
 * @param {typeof import('./index.js').encodeSelfContained} encode
 * @param {unknown} value
 */
function frameOf(encode, value) {
  kept ??= allocate(FIRST_SIZE);
  for (let size = FIRST_SIZE; size <= LARGEST; size *= 4) {
    const { region, bytes } = size === FIRST_SIZE ? kept : allocate(size);
    const end = encode(region, HEADER, value);
    if (end >= 0) return framed(bytes, end, attachments() ?? []);
    if (end !== NO_ROOM) return NOT_PLAIN;
  }
  return NO_ROOM;
}

/**
 * @param {Buffer} bytes  where the packet stands, behind the header
 * @param {number} end  of the packet
 * @param {Uint8Array[]} list  the attachments
 */
function framed(bytes, end, list) {
  bytes[0] = CODEC;
  bytes.writeUInt32LE(list.length, 1);
  if (list.length === 0) return bytes.subarray(0, end);
  const lengths = Buffer.alloc(list.length * LENGTH);
  let total = end + lengths.length;
  list.forEach((item, i) => {
    lengths.writeUInt32LE(item.length, i * LENGTH);
    total += item.length;
  });
  if (total > LARGEST) return NO_ROOM;
  const parts = [bytes.subarray(0, HEADER), lengths, ...list, bytes.subarray(HEADER, end)];
  return Buffer.concat(parts, total);
}

/**
 * The frame of a value that the codec does not know; NO_ROOM if it is too large. Throws what
 * v8.serialize() throws.
 *
 * @param {unknown} value
 */
function frameByV8(value) {
  const bytes = v8.serialize(value);
  return bytes.length > LARGEST ? NO_ROOM : Buffer.concat([Buffer.of(V8), bytes]);
}

/**
 * The value of a frame. Throws if there is none.
 *
 * @param {ArrayBuffer} buffer  which has nothing else
 */
function valueOf(buffer) {
  const bytes = Buffer.from(buffer);
  switch (bytes[0]) {
    case CODEC:
      return readPacket(buffer, bytes);
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
function readPacket(buffer, bytes) {
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

module.exports = { LARGEST, frameOf, frameByV8, valueOf };
