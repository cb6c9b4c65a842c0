'use strict';

// What is too large for a packet travels beside it, in attachments: binary data, and whole values.
//
// On the main thread binary data arrives as ArrayBuffers over the very memory it was copied to. V8
// lets nobody transfer such external memory on: Node 22 and later throw a DataCloneError, Node 20
// makes a copy. Where the pool is asked to, it makes the copy itself. In other threads, which may
// end while somebody has the memory through ArrayBuffer.prototype.transfer(), it is V8's own.

const { isMainThread } = require('node:worker_threads');
const {
  NO_ROOM, attachments, createRegion, decode, encode, regionOf,
} = require('./index.js');
const { uncurry } = require('./built-ins.js');
const { outOfMemory } = require('../errors/pool.js');
const { requireAddon } = require('../package/required-addon.js');
const { REGION } = require('../wire/packet.js');

const LARGEST_REGION = 2 ** 30;

const external = new WeakSet();
const addExternal = uncurry(external.add);

// V8 collects its young generation when its own allocator of ArrayBuffers has given out enough,
// and external memory bypasses that. Left alone, it would start a full collection every 64 MB, and
// blocks would come back late: with this, large buffers pass twice as fast on Node 20 and 22.
let nudge; // eslint-disable-line no-unused-vars -- kept, so that it is not optimized away

/**
 * Encodes a value that is too large for a region: as its own first attachment, before the others.
 * `undefined` if only a port can carry it. `write` is the codec's encode or encodeError.
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

// Not tried in vain: since Node 26, that ends a worker.
function allocate(size) {
  if (!requireAddon().isRoomFor(size)) throw outOfMemory();
  try {
    return createRegion(size);
  } catch (error) {
    throw outOfMemory(error);
  }
}

/** Decodes a value with attachments; `region` is `undefined` if the first of them is the value. */
function decodeAttached(buffers, region, position) {
  if (isMainThread) {
    for (let i = 0; i < buffers.length; i++) addExternal(external, buffers[i]);
    nudge = new ArrayBuffer(8);
  }
  if (region !== undefined) return decode(region, position, buffers);
  const others = [];
  for (let i = 1; i < buffers.length; i++) others[i - 1] = buffers[i];
  return decode(regionOf(buffers[0]), 0, others);
}

/** The part of a transfer list that can be transferred; the rest is cloned with the value. */
function transferable(list) {
  return list.some((item) => external.has(item)) ? list.filter((item) => !external.has(item)) :
    list;
}

/** After the value was cloned: what was to be transferred is gone, where the host has a way. */
function detach(list) {
  for (const item of list) {
    if (external.has(item) && item.detached === false) item.transfer(0);
  }
}

module.exports = { encodeLarge, decodeAttached, transferable, detach };
