'use strict';

// How the contexts of a task lie in memory: one object with a value for each name, and what is
// attached to it. The other half, with a drawing, is src/wire/context.rs.

/** The length of the object. */
const LENGTH = 0;
/** How many attachments there are. */
const ATTACHMENTS = 4;
/** Bytes before the lengths of the attachments. */
const HEADER = 8;
/** Bytes of each of those lengths. */
const PER_ATTACHMENT = 4;

/**
 * Where the object begins that has that many attachments.
 *
 * @param {number} attachments
 */
const objectAt = (attachments) => HEADER + PER_ATTACHMENT * attachments;

/**
 * Writes the header, before the object that ends at `end`.
 *
 * @param {{ view: DataView }} region
 * @param {number} end
 * @param {readonly Uint8Array[]} attachments
 */
function writeHeader({ view }, end, attachments) {
  const count = attachments.length;
  view.setUint32(LENGTH, end - objectAt(count), true);
  view.setUint32(ATTACHMENTS, count, true);
  for (let i = 0; i < count; i++) {
    view.setUint32(objectAt(i), attachments[i].byteLength, true);
  }
}

/**
 * Where the object of the contexts at `at` begins and ends, and the lengths of its attachments.
 *
 * @param {{ view: DataView }} region
 * @param {number} at
 */
function readHeader({ view }, at) {
  const count = view.getUint32(at + ATTACHMENTS, true);
  const lengths = [];
  for (let i = 0; i < count; i++) lengths[i] = view.getUint32(at + objectAt(i), true);
  const start = at + objectAt(count);
  return { start, end: start + view.getUint32(at + LENGTH, true), lengths };
}

module.exports = Object.freeze({
  LENGTH,
  ATTACHMENTS,
  HEADER,
  PER_ATTACHMENT,
  objectAt,
  writeHeader,
  readHeader,
});
