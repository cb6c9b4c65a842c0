'use strict';

// What a bridge and its process say to each other: a message is an array [kind, lane, frame], and
// one of the process has besides how much it has written before, and whether it leaves.

const {
  NOT_PLAIN,
  NO_ROOM,
  encodeErrorSelfContained,
  encodeSelfContained,
} = require('../../codec/index.js');
const { LARGEST, frameByV8, frameOf, valueOf } = require('../../codec/frame.js');
const { notCloneable } = require('../../errors/pool.js');

// The program may send messages, too: these names are not among them.
const kinds = Object.freeze({
  // To the process.
  CONFIGURE: 'async-hooks-rs:configure', // what it is
  RUN: 'async-hooks-rs:run', // a task of the lane, with its contexts
  // From the process.
  STARTED: 'async-hooks-rs:started', // the lane takes tasks
  REPLY: 'async-hooks-rs:reply', // the result, with the contexts that return
  FAIL: 'async-hooks-rs:fail', // what was thrown
  TELL: 'async-hooks-rs:tell', // how far the task is
  GIVE: 'async-hooks-rs:give', // the next value of the stream
  // Both ways.
  CONTROL: 'async-hooks-rs:control', // what is said beside the tasks
});

const names = new Set(Object.values(kinds));

/**
 * Whether the process has sent it for us, and not the processor for whomever.
 *
 * @param {unknown} message
 */
const isOurs = (message) => Array.isArray(message) && names.has(message[0]);

/**
 * The descriptor that the process has of a pipe whose other end only the thread has. It is closed
 * when the thread ends, however it does; and what ends the process is written to it.
 */
const LIFELINE = 4;

/**
 * What the descriptors of a process are, from its standard input on.
 *
 * @type {readonly ('ignore' | 'pipe' | 'ipc')[]}
 */
const STDIO = Object.freeze(['ignore', 'pipe', 'pipe', 'ipc', 'pipe']);

const ANOTHER_PROCESS = 'another process';

/**
 * The frame of a value, which stays as it is until the next call of any of these functions. Throws
 * what a getter of the value throws, or that the value cannot be sent.
 *
 * @param {unknown} value
 * @param {string} what  it is, in messages
 */
function toFrame(value, what) {
  let frame = frameOf(encodeSelfContained, value);
  if (frame === NOT_PLAIN) frame = byV8(value, what);
  if (frame === NO_ROOM) throw notCloneable(what, tooLarge(), ANOTHER_PROCESS);
  return /** @type {Buffer} */ (frame);
}

/**
 * @param {unknown} value
 * @param {string} what
 */
function byV8(value, what) {
  try {
    return frameByV8(value);
  } catch (error) {
    throw notCloneable(what, error, ANOTHER_PROCESS);
  }
}

/**
 * The frame of whatever was thrown.
 *
 * @param {unknown} thrown
 */
function errorToFrame(thrown) {
  const frame = frameOf(encodeErrorSelfContained, thrown);
  if (typeof frame !== 'number') return frame;
  return toFrame(notCloneable('error', tooLarge(), ANOTHER_PROCESS), 'error');
}

const tooLarge = () => new RangeError(`it has more than ${LARGEST} bytes`);

/**
 * The value of a frame that has arrived.
 *
 * @param {Uint8Array} frame
 * @returns {any}
 */
function fromFrame(frame) {
  const buffer = new ArrayBuffer(frame.length);
  new Uint8Array(buffer).set(frame);
  return valueOf(buffer);
}

module.exports = {
  ANOTHER_PROCESS,
  LIFELINE,
  STDIO,
  kinds,
  isOurs,
  toFrame,
  errorToFrame,
  fromFrame,
};
