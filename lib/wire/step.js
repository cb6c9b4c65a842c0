'use strict';

// How one task and its result lie in the regions of a worker. The other half, with a drawing, is
// src/wire/step.rs.

/** Of a task: its flags (packet.js). */
const FLAGS = 0;
/** Of a result: what became of the task (status.js). */
const STATUS = 0;
/** The length of the value. */
const LENGTH = 4;
/** Bytes before the value, in both regions. */
const HEADER = 8;

/** In place of a status: there is no result yet. */
const PENDING = 0xffff_ffff;

/** @param {{ view: DataView }} region */
const readFlags = ({ view }) => view.getUint32(FLAGS, true);
/** @param {{ view: DataView }} region */
const readLength = ({ view }) => view.getUint32(LENGTH, true);

/**
 * The value of the result lies in the region up to `end`.
 *
 * @param {{ view: DataView }} region
 * @param {number} end
 */
function writeEnd({ view }, end) {
  view.setUint32(LENGTH, end - HEADER, true);
}

/**
 * @param {{ view: DataView }} region
 * @param {number} status
 */
function writeStatus({ view }, status) {
  view.setUint32(STATUS, status, true);
}

/**
 * The status as the one element of an array: to write it takes no call, and so no stack.
 *
 * @param {{ bytes: Uint8Array }} region
 */
const statusCell = ({ bytes }) => new Uint32Array(bytes.buffer, STATUS, 1);

module.exports = Object.freeze({
  FLAGS,
  STATUS,
  LENGTH,
  HEADER,
  PENDING,
  readFlags,
  readLength,
  writeEnd,
  writeStatus,
  statusCell,
});
