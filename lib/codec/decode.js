'use strict';

// Decoding: one walk over the packet. It runs nobody else's code: built-in functions are those of
// built-ins.js, and properties are defined, not assigned, wherever that can make a difference.

const { readShort, readLong, readString } = require('./strings.js');
const { shapeOf, countUse, setOwn } = require('./shapes.js');
const { readRare } = require('./read-builtin.js');
const {
  UNDEFINED,
  NULL,
  FALSE,
  TRUE,
  INT32,
  FLOAT64,
  SHORT_LATIN1,
  LATIN1,
  UTF16,
  ARRAY,
  HOLEY_ARRAY,
  HOLES,
  SHAPED,
  KEYED,
  NUMBERED,
  REFERENCE,
  SMALL_INT,
} = require('../wire/tag.js');

/** @typedef {Input} DecoderInput */
/** @typedef {(input: Input) => unknown} Read  reads the next value */

// Where the decoder is. One for all: decoding calls nothing that decodes.
class Input {
  // Those of the last packet. Before the first there are none, and nobody asks for them.
  region = /** @type {import('./region.js').PacketRegion} */ (/** @type {any} */ (null));
  bytes = /** @type {import('./region.js').PacketRegion['bytes']} */ (/** @type {any} */ (null));
  view = /** @type {import('./region.js').PacketRegion['view']} */ (/** @type {any} */ (null));
  end = 0;
  at = 0;
  /** @type {ArrayBuffer[] | undefined} */
  attachments = undefined;

  /**
   * The objects by their numbers, if the packet refers to them.
   *
   * @type {unknown[] | null}
   */
  objects = null;

  /** @param {import('./region.js').PacketRegion} region */
  open(region) {
    this.region = region;
    this.bytes = region.bytes;
    this.view = region.view;
    this.end = region.end;
  }

  readUint32() {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  /**
   * Gives an object its number, which must happen before its contents are read.
   *
   * @template T
   * @param {T} object
   */
  met(object) {
    if (this.objects !== null) this.objects[this.objects.length] = object;
    return object;
  }
}

const sharedInput = new Input();

/**
 * @param {Input} input
 * @returns {unknown}
 */
function read(input) {
  const tag = input.bytes[input.at++];
  if (tag >= SMALL_INT) return tag - SMALL_INT;
  switch (tag) {
    case SHORT_LATIN1:
      return readShort(input);
    case SHAPED:
      return readShaped(input);
    case FLOAT64: {
      input.at += 8;
      return input.view.getFloat64(input.at - 8, true);
    }
    case INT32: {
      input.at += 4;
      return input.view.getInt32(input.at - 4, true);
    }
    case TRUE:
      return true;
    case FALSE:
      return false;
    case NULL:
      return null;
    case UNDEFINED:
      return undefined;
    case LATIN1:
    case UTF16:
      return readLong(input, tag);
    case ARRAY:
      return readArray(input);
    case HOLEY_ARRAY:
      return readHoleyArray(input);
    case KEYED:
      return readKeyed(input);
    // A packet that refers to objects begins with NUMBERED.
    case REFERENCE:
      return /** @type {unknown[]} */ (input.objects)[input.readUint32()];
    default:
      return readRare(input, tag, read);
  }
}

/**
 * How many values follow. Each has one byte at least, so a wrong number does not make us allocate.
 *
 * @param {Input} input
 */
function readCount(input) {
  const count = input.readUint32();
  if (count > input.end - input.at) throw new Error('The packet ends before the last value');
  return count;
}

/** @param {Input} input */
function readShaped(input) {
  const shape = shapeOf(input.readUint32());
  if (input.objects === null) {
    if (shape.make !== null) return shape.make(read, input);
    countUse(shape);
  }
  const object = input.met({});
  const { keys } = shape;
  for (let i = 0; i < keys.length; i++) setOwn(object, keys[i], read(input));
  return object;
}

/** @param {Input} input */
function readKeyed(input) {
  const count = readCount(input);
  const object = input.met({});
  const values = [];
  for (let i = 0; i < count; i++) values[i] = read(input);
  for (let i = 0; i < count; i++) setOwn(object, readString(input), values[i]);
  return object;
}

/** @param {Input} input */
function readArray(input) {
  const count = readCount(input);
  const array = input.met(new Array(count));
  for (let i = 0; i < count; i++) array[i] = read(input);
  return array;
}

/** @param {Input} input */
function readHoleyArray(input) {
  const length = input.readUint32();
  const array = input.met(/** @type {unknown[]} */ ([]));
  array.length = length; // takes no memory for the holes of a sparse array
  for (let i = 0; i < length; ) {
    if (input.bytes[input.at] === HOLES) {
      input.at++;
      i += input.readUint32() || 1;
    } else {
      array[i++] = read(input);
    }
  }
  return array;
}

/**
 * Decodes the value at `position`. `attachments` are the ArrayBuffers beside the packet; the value
 * takes them over.
 *
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {ArrayBuffer[] | undefined} attachments
 */
function decode(region, position, attachments) {
  if (sharedInput.region !== region) sharedInput.open(region);
  sharedInput.at = position;
  sharedInput.objects = null;
  if (region.bytes[position] !== NUMBERED && attachments === undefined) return read(sharedInput);
  return decodeOther(region, position, attachments);
}

/**
 * @param {import('./region.js').PacketRegion} region
 * @param {number} position
 * @param {ArrayBuffer[] | undefined} attachments
 */
function decodeOther(region, position, attachments) {
  sharedInput.attachments = attachments;
  if (region.bytes[position] === NUMBERED) {
    sharedInput.objects = [];
    sharedInput.at++;
  }
  try {
    return read(sharedInput);
  } finally {
    sharedInput.attachments = undefined;
    sharedInput.objects = null;
  }
}

module.exports = { decode };
