'use strict';

// Binary data: small pieces lie in the packet, larger ones travel beside it and are not copied.
// Of a view only its own bytes travel.

const { Buffer } = require('node:buffer');
const { NO_ROOM, NOT_PLAIN } = require('./refusals.js');
const {
  ArrayBuffer,
  DataView,
  Map,
  Object,
  Uint8Array,
  binaryKinds,
  getOfMap,
  getterOf,
  setInMap,
  types,
} = require('./built-ins.js');
const {
  BYTES,
  ATTACHED,
  KIND_ARRAY_BUFFER,
  KIND_DATA_VIEW,
  KIND_UINT8_ARRAY,
} = require('../wire/tag.js');

/** In bytes: larger binary data travels beside the packet. */
const ATTACHED_FROM = 8192;

const bufferPrototype = Buffer.prototype;
const arrayBufferPrototype = ArrayBuffer.prototype;
const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);

const nameOf = getterOf(typedArrayPrototype, Symbol.toStringTag);
/** @typedef {{ [K in 'buffer' | 'byteOffset' | 'byteLength']: (view: any) => any }} Getters */

/** @type {Getters} */
const typedArray = {
  buffer: getterOf(typedArrayPrototype, 'buffer'),
  byteOffset: getterOf(typedArrayPrototype, 'byteOffset'),
  byteLength: getterOf(typedArrayPrototype, 'byteLength'),
};
const bufferOf = typedArray.buffer;
/** @type {Getters} */
const dataView = {
  buffer: getterOf(DataView.prototype, 'buffer'),
  byteOffset: getterOf(DataView.prototype, 'byteOffset'),
  byteLength: getterOf(DataView.prototype, 'byteLength'),
};
const sizeOf = getterOf(arrayBufferPrototype, 'byteLength');
const isResizable = getterOf(arrayBufferPrototype, 'resizable') ?? (() => false);
const isImmutable = getterOf(arrayBufferPrototype, 'immutable') ?? (() => false);
const isDetached =
  getterOf(arrayBufferPrototype, 'detached') ??
  ((/** @type {any} */ buffer) => {
    try {
      return new Uint8Array(buffer).length > 0;
    } catch {
      return true;
    }
  });

const kinds = new Map();
/** @type {object[]} */
const prototypes = [];
binaryKinds.forEach((Kind, kind) => {
  if (Kind === undefined) return;
  setInMap(kinds, Kind.name, kind);
  prototypes[kind] = Kind.prototype;
});

/**
 * The number of the kind, or -1 for what is not binary data or has a prototype that is not its own.
 *
 * @param {object} value
 * @param {object | null} prototype
 */
function kindOf(value, prototype) {
  let kind;
  if (types.isTypedArray(value)) {
    if (prototype === bufferPrototype) {
      return nameOf(value) === 'Uint8Array' ? KIND_UINT8_ARRAY : -1;
    }
    kind = getOfMap(kinds, nameOf(value)) ?? -1;
  } else if (types.isDataView(value)) {
    kind = KIND_DATA_VIEW;
  } else if (types.isArrayBuffer(value)) {
    kind = KIND_ARRAY_BUFFER;
  } else {
    return -1;
  }
  return prototypes[kind] === prototype ? kind : -1;
}

/**
 * Writes an ArrayBuffer or a view; gives the position after it or a negative code.
 *
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {object | null} prototype
 * @param {number} at
 */
function writeBinary(out, value, prototype, at) {
  const kind = kindOf(value, prototype);
  if (kind < 0) return NOT_PLAIN;
  let buffer = /** @type {ArrayBuffer} */ (value);
  let start = 0;
  let length;
  if (kind === KIND_ARRAY_BUFFER) {
    length = sizeOf(buffer);
  } else {
    const view = kind === KIND_DATA_VIEW ? dataView : typedArray;
    buffer = view.buffer(value);
    // Of a DataView the rest can only be asked for when its memory is there.
    if (!mayTravel(buffer)) return NOT_PLAIN;
    start = view.byteOffset(value);
    length = view.byteLength(value);
  }
  if (!mayTravel(buffer)) return NOT_PLAIN;
  const loose = prototype === bufferPrototype && length < sizeOf(buffer);
  if (!out.claim(buffer, start, start + length, loose)) return NOT_PLAIN;
  const bytes = new Uint8Array(buffer, start, length);
  return length < ATTACHED_FROM
    ? writeBytes(out, kind, bytes, length, at)
    : writeAttached(out, kind, bytes, at);
}

/** @param {ArrayBuffer} buffer */
function mayTravel(buffer) {
  return (
    !types.isSharedArrayBuffer(buffer) &&
    !isResizable(buffer) &&
    !isImmutable(buffer) &&
    (sizeOf(buffer) > 0 || !isDetached(buffer))
  );
}

/**
 * @param {import('./output.js').Output} out
 * @param {number} kind
 * @param {Uint8Array} bytes
 * @param {number} length
 * @param {number} at
 */
function writeBytes(out, kind, bytes, length, at) {
  const start = at + 6;
  if (start + length > out.end) return NO_ROOM;
  out.bytes[at] = BYTES;
  out.bytes[at + 1] = kind;
  out.view.setUint32(at + 2, length, true);
  out.bytes.set(bytes, start);
  return (out.reached = start + length);
}

/**
 * @param {import('./output.js').Output} out
 * @param {number} kind
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function writeAttached(out, kind, bytes, at) {
  if (at + 6 > out.end) return NO_ROOM;
  out.bytes[at] = ATTACHED;
  out.bytes[at + 1] = kind;
  out.view.setUint32(at + 2, out.attach(bytes), true);
  return at + 6;
}

/**
 * Reads binary data that lies in the packet, after its tag.
 *
 * @param {import('./decode.js').DecoderInput} input
 */
function readBytes(input) {
  const kind = input.bytes[input.at];
  const start = input.at + 5;
  const end = start + input.view.getUint32(input.at + 1, true);
  if (end > input.end) throw new Error('The packet ends within binary data');
  input.at = end;
  // A new view of a new buffer of just that length, also if the packet is in shared memory.
  const bytes = input.bytes.slice(start, end);
  return kind === KIND_UINT8_ARRAY ? bytes : over(kind, bufferOf(bytes));
}

/**
 * Reads binary data that came beside the packet, after its tag: a view over what was passed in.
 *
 * @param {import('./decode.js').DecoderInput} input
 */
function readAttached(input) {
  const kind = input.bytes[input.at];
  const index = input.view.getUint32(input.at + 1, true);
  input.at += 5;
  // A packet with this tag comes with them.
  return over(kind, /** @type {ArrayBuffer[]} */ (input.attachments)[index]);
}

/**
 * @param {number} kind
 * @param {ArrayBuffer} buffer
 */
function over(kind, buffer) {
  if (kind === KIND_ARRAY_BUFFER) return buffer;
  // A thread of this process has sent it, so this version of Node has it.
  const Kind = /** @type {import('./built-ins.js').BinaryKind} */ (binaryKinds[kind]);
  return new Kind(buffer);
}

module.exports = { writeBinary, readBytes, readAttached };
