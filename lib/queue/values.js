'use strict';

// Values as text, because what stands in a job of BullMQ is JSON: a frame of bytes
// (codec/frame.js), in base64. Servers are updated one after the other, so older and newer ones
// read the same form.

const { Buffer } = require('node:buffer');
const {
  NOT_PLAIN,
  NO_ROOM,
  encodeErrorSelfContained,
  encodeSelfContained,
} = require('../codec/index.js');
const { LARGEST, frameByV8, frameOf, valueOf } = require('../codec/frame.js');
const { notCloneable, tooLarge, unreadable } = require('../errors/queue.js');

/**
 * The text of a value. What a getter of the value throws goes through.
 *
 * @param {unknown} value
 * @param {string} what  it is, in messages
 */
function toText(value, what) {
  let frame = frameOf(encodeSelfContained, value);
  if (frame === NOT_PLAIN) frame = byV8(value, what);
  return textOf(frame, what);
}

/**
 * @param {unknown} value
 * @param {string} what
 */
function byV8(value, what) {
  try {
    return frameByV8(value);
  } catch (error) {
    throw notCloneable(what, error);
  }
}

/**
 * The text of whatever was thrown: what does not travel is left out or described.
 *
 * @param {unknown} thrown
 */
function errorToText(thrown) {
  return textOf(frameOf(encodeErrorSelfContained, thrown), 'error');
}

/**
 * @param {Buffer | number} frame
 * @param {string} what
 */
function textOf(frame, what) {
  if (frame === NO_ROOM) throw tooLarge(what, LARGEST);
  return /** @type {Buffer} */ (frame).toString('base64');
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
  Buffer.from(buffer).write(text, 'base64');
  return valueOf(buffer);
}

module.exports = { toText, errorToText, fromText };
