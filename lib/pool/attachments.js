'use strict';

// Large binary data travels beside a frame, and arrives as ArrayBuffers over the very memory that
// it was copied to. V8 lets nobody transfer such external memory on: Node 22 and later throw a
// DataCloneError, Node 20 makes a copy. Where the pool is asked to, it makes the copy itself.

const { decode, regionOf } = require('./codec/index.js');

const external = new WeakSet();

// V8 collects its young generation when its own allocator of ArrayBuffers has given out enough,
// and external memory bypasses that. Left alone, it would start a full collection every 64 MB, and
// blocks would come back late: with this, large buffers pass twice as fast on Node 20 and 22.
let nudge; // eslint-disable-line no-unused-vars -- kept, so that it is not optimized away

/** Decodes a value with attachments; `region` is `undefined` if the first of them is the value. */
function decodeAttached(buffers, region, position) {
  for (const buffer of buffers) external.add(buffer);
  nudge = new ArrayBuffer(8);
  if (region !== undefined) return decode(region, position, buffers);
  const [first, ...others] = buffers;
  return decode(regionOf(first), 0, others);
}

/** The part of a transfer list that can be transferred; the rest is cloned with the value. */
function transferable(list) {
  return list.some((item) => external.has(item)) ? list.filter((item) => !external.has(item)) :
    list;
}

/** After the value was cloned: what was to be transferred is gone, where the host has a way. */
function detach(list) {
  for (const item of list) {
    if (external.has(item)) item.transfer?.(0);
  }
}

module.exports = { decodeAttached, transferable, detach };
