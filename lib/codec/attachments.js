'use strict';

// What is too large for a packet travels beside it, in attachments: binary data, and whole values.
//
// It arrives as ArrayBuffers over the very memory that it was copied to, or over a copy of that:
// src/binding/backing_store/ says where. They are V8's own, as any other.

const { NO_ROOM, attachments, createRegion, decode, encode, regionOf } = require('./index.js');
const { Array, ArrayBuffer, getterOf, isArray } = require('./built-ins.js');
const { outOfMemory } = require('../errors/pool.js');
const { loadAddon } = require('../package/addon.js');
const { REGION } = require('../wire/packet.js');

/** @typedef {import('./region.js').PacketRegion} PacketRegion */

const LARGEST_REGION = 2 ** 30;

const { min } = Math;
const sizeOf = getterOf(ArrayBuffer.prototype, 'byteLength');

// V8 should collect received buffers while they are young: then the pool has their memory back
// soon, still warm, for the next ones. But external memory makes it start a full collection, every
// 64 MB, and no young one. Up to V8 12, it looks at what young objects have of it whenever an
// ArrayBuffer is made, however small, and collects them from 32 MB on. Later versions do so from
// 64 MB on, which is too late: there, the young generation has to be filled.
const LOOKS_EARLY = Number.parseInt(process.versions.v8, 10) < 13;
let garbage; // oxlint-disable-line no-unused-vars -- kept, so that it is not optimized away

// An eighth of the received bytes is filled: less, and full collections come first; more costs more
// than it saves. 8 bytes to an element. Larger arrays are not made in the young generation.
const BYTES_PER_ELEMENT = 64;
const LARGEST_ARRAY = 8192;
const MOST_ELEMENTS = 16 * LARGEST_ARRAY;

/**
 * @param {ArrayBuffer[]} buffers
 * @param {number} most  bytes: for more, nothing is filled
 */
function makeGarbage(buffers, most) {
  garbage = new ArrayBuffer(8);
  if (LOOKS_EARLY) return;
  let bytes = 0;
  for (let i = 0; i < buffers.length; i++) bytes += sizeOf(buffers[i]);
  if (bytes > most) return;
  let elements = min(MOST_ELEMENTS, (bytes / BYTES_PER_ELEMENT) | 0);
  for (; elements > 0; elements -= LARGEST_ARRAY) {
    garbage = new Array(min(elements, LARGEST_ARRAY));
  }
}

/**
 * Encodes a value that is too large for a region: as its own first attachment, before the others.
 * `undefined` if only a port can carry it. `write` is the codec's encode or encodeError.
 *
 * @param {unknown} value
 */
function encodeLarge(value, write = encode) {
  for (let size = REGION * 4; size <= LARGEST_REGION; size *= 4) {
    const region = allocate(size);
    const end = write(region, 0, value);
    if (end >= 0) {
      const views = attachments() ?? [];
      const all = [region.bytes.subarray(0, end)];
      for (let i = 0; i < views.length; i++) all[i + 1] = views[i];
      return all;
    }
    if (end !== NO_ROOM) break;
  }
  return undefined;
}

/**
 * Not tried in vain: since Node 26, that ends a worker.
 *
 * @param {number} size
 */
function allocate(size) {
  // Whoever encodes has loaded it.
  const { isRoomFor } = /** @type {import('../package/addon.js').Addon} */ (loadAddon().addon);
  if (!isRoomFor(size)) throw outOfMemory();
  try {
    return createRegion(size);
  } catch (error) {
    throw outOfMemory(error);
  }
}

/**
 * As the addon takes and gives binary data: one piece by itself, else a list.
 *
 * @template T
 * @param {T[]} list
 */
const packed = (list) => (list.length === 1 ? list[0] : list);

/**
 * Decodes a value with attachments, `received` as the addon gives them; `region` is `undefined` if
 * the first of them is the value.
 *
 * @param {ArrayBuffer | ArrayBuffer[]} received
 * @param {PacketRegion | undefined} region
 * @param {number} position
 * @param {number} [most]  bytes for which the collector is pressed
 */
function decodeAttached(received, region, position, most = Number.POSITIVE_INFINITY) {
  const buffers = isArray(received) ? received : [received];
  makeGarbage(buffers, most);
  if (region !== undefined) return decode(region, position, buffers);
  const others = [];
  for (let i = 1; i < buffers.length; i++) others[i - 1] = buffers[i];
  return decode(regionOf(buffers[0]), 0, others);
}

module.exports = { encodeLarge, decodeAttached, packed };
