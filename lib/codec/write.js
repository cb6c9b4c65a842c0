'use strict';

// The walk of an encoding over its value, which writes as it goes.
//
// Every function that writes takes the Output, the value, the position and the depth of the value,
// and returns the position after it or a negative code, which its caller passes on. Positions are
// arguments and not state, so that an exception leaves nothing behind.

const {
  Object,
  Array,
  getPrototypeOf,
  hasOwn,
  isArray,
  ownKeys,
  types: { isModuleNamespaceObject },
} = require('./built-ins.js');
const { Indices, hasNamed, nearEndOfHoles } = require('./array-keys.js');
const { NO_ROOM, NOT_PLAIN } = require('./refusals.js');
const { writeString } = require('./strings.js');
const { rootNode, nextNode, keysOf, shapeId } = require('./shapes.js');
const { writeBigInt, writeBuiltin, isBuiltin } = require('./write-builtin.js');
const {
  UNDEFINED,
  NULL,
  FALSE,
  TRUE,
  INT32,
  FLOAT64,
  ARRAY,
  HOLEY_ARRAY,
  HOLES,
  SHAPED,
  KEYED,
  REFERENCE,
  SMALL_INT,
  MAX_DEPTH,
} = require('../wire/tag.js');

const plainPrototype = Object.prototype;

/** @typedef {import('./shapes.js').Node} Node */
/** @typedef {Pick<import('./output.js').Output, 'bytes' | 'view' | 'end'>} Place  or a region */
const arrayPrototype = Array.prototype;

/**
 * @param {import('./output.js').Output} out
 * @param {unknown} value
 * @param {number} at
 * @param {number} depth
 */
function write(out, value, at, depth) {
  switch (typeof value) {
    case 'number':
      return writeNumber(out, value, at);
    case 'string':
      return writeString(out, value, at);
    case 'object':
      return value === null ? writeTag(out, NULL, at) : writeObject(out, value, at, depth);
    case 'boolean':
      return writeTag(out, value ? TRUE : FALSE, at);
    case 'undefined':
      return writeTag(out, UNDEFINED, at);
    case 'bigint':
      return writeBigInt(out, value, at);
    default:
      out.reached = at;
      return NOT_PLAIN;
  }
}

/**
 * @param {Place} out
 * @param {number} tag
 * @param {number} at
 */
function writeTag(out, tag, at) {
  if (at >= out.end) return NO_ROOM;
  out.bytes[at] = tag;
  return at + 1;
}

/**
 * @param {Place} out
 * @param {number} value
 * @param {number} at
 */
function writeNumber(out, value, at) {
  if ((value | 0) === value) {
    // -0, too
    if ((value > 0 && value < SMALL_INT) || (value === 0 && 1 / value > 0)) {
      if (at >= out.end) return NO_ROOM;
      out.bytes[at] = SMALL_INT | value;
      return at + 1;
    }
    if (value !== 0) {
      if (at + 5 > out.end) return NO_ROOM;
      out.bytes[at] = INT32;
      out.view.setInt32(at + 1, value, true);
      return at + 5;
    }
  }
  if (at + 9 > out.end) return NO_ROOM;
  out.bytes[at] = FLOAT64;
  out.view.setFloat64(at + 1, value, true);
  return at + 9;
}

/**
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {number} at
 * @param {number} depth
 */
function writeObject(out, value, at, depth) {
  out.reached = at;
  const prototype = getPrototypeOf(value);
  if (prototype === plainPrototype) {
    if (isArray(value)) return NOT_PLAIN;
  } else if (prototype === null) {
    if (isArray(value) || isModuleNamespaceObject(value) || isBuiltin(value)) return NOT_PLAIN;
  } else if (prototype === arrayPrototype && !isArray(value)) {
    return NOT_PLAIN;
  }
  const number = out.numberOf(value);
  if (number >= 0) return writeReference(out, number, at);
  if (depth > MAX_DEPTH) return NOT_PLAIN;
  if (prototype === plainPrototype || prototype === null) {
    return writePlain(out, /** @type {Record<string, unknown>} */ (value), at, depth);
  }
  if (prototype === arrayPrototype) {
    return writeArray(out, /** @type {unknown[]} */ (value), at, depth);
  }
  return writeBuiltin(out, value, prototype, at, depth);
}

/**
 * @param {import('./output.js').Output} out
 * @param {number} number
 * @param {number} at
 */
function writeReference(out, number, at) {
  if (at + 5 > out.end) return NO_ROOM;
  out.repeated = true;
  out.bytes[at] = REFERENCE;
  out.view.setUint32(at + 1, number, true);
  return at + 5;
}

/**
 * @param {import('./output.js').Output} out
 * @param {Record<string, unknown>} value
 * @param {number} at
 * @param {number} depth
 */
function writePlain(out, value, at, depth) {
  let position = at + 5;
  if (position > out.end) return NO_ROOM;
  if (out.careful) return writeCarefully(out, value, at, depth);
  let node = rootNode();
  for (const key in value) {
    node = node.firstKey === key ? /** @type {Node} */ (node.first) : nextNode(node, key);
    const item = value[key];
    // Frequent kinds bypass write(): V8 does not inline a function that calls itself.
    if (typeof item === 'number') position = writeNumber(out, item, position);
    else if (typeof item === 'string') position = writeString(out, item, position);
    else position = write(out, item, position, depth + 1);
    if (position < 0) return position;
  }
  if (node.id < 0) return finishUnknown(out, value, node, at, position);
  return finishShaped(out, node.id, at, position);
}

/**
 * By the own keys alone, and without a shape where nobody could look it up.
 *
 * @param {import('./output.js').Output} out
 * @param {Record<string, unknown>} value
 * @param {number} at
 * @param {number} depth
 */
function writeCarefully(out, value, at, depth) {
  let position = at + 5;
  let node = rootNode();
  const keys = ownKeys(value);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (!out.selfContained) node = nextNode(node, key);
    position = write(out, value[key], position, depth + 1);
    if (position < 0) return position;
  }
  if (out.selfContained) return finishSelfContained(out, value, keys, at, position);
  if (node.id < 0) return finishUnknown(out, value, node, at, position);
  return finishShaped(out, node.id, at, position);
}

/**
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {string[]} keys
 * @param {number} at
 * @param {number} position
 */
function finishSelfContained(out, value, keys, at, position) {
  if (isBuiltin(value)) {
    out.reached = position;
    return NOT_PLAIN;
  }
  return finishKeyed(out, keys, at, position);
}

/**
 * @param {import('./output.js').Output} out
 * @param {number} id
 * @param {number} at
 * @param {number} position
 */
function finishShaped(out, id, at, position) {
  out.bytes[at] = SHAPED;
  out.view.setUint32(at + 1, id, true);
  return position;
}

/**
 * An object with keys that are not known as a shape may be something else than plain, with a
 * prototype that was replaced. To look at each object would take longer than to write it.
 *
 * @param {import('./output.js').Output} out
 * @param {object} value
 * @param {Node} node
 * @param {number} at
 * @param {number} position
 */
function finishUnknown(out, value, node, at, position) {
  if (isBuiltin(value)) {
    out.reached = position;
    return NOT_PLAIN;
  }
  const id = shapeId(node);
  return id < 0
    ? finishKeyed(out, keysOf(node), at, position)
    : finishShaped(out, id, at, position);
}

/**
 * The values stand there already, the keys come after them.
 *
 * @param {import('./output.js').Output} out
 * @param {string[]} keys
 * @param {number} at
 * @param {number} position
 */
function finishKeyed(out, keys, at, position) {
  out.bytes[at] = KEYED;
  out.view.setUint32(at + 1, keys.length, true);
  for (let i = 0; i < keys.length; i++) {
    position = writeString(out, keys[i], position);
    if (position < 0) return position;
  }
  return position;
}

/**
 * @param {import('./output.js').Output} out
 * @param {unknown[]} value
 * @param {number} at
 * @param {number} depth
 */
function writeArray(out, value, at, depth) {
  const { length } = value;
  let position = at + 5;
  if (position > out.end) return NO_ROOM;
  out.bytes[at] = ARRAY;
  out.view.setUint32(at + 1, length, true);
  let holes = 0;
  let indices = null;
  for (let i = 0; i < length; i++) {
    const element = value[i];
    if (element === undefined && !hasOwn(value, i)) {
      let end = indices === null ? nearEndOfHoles(value, i, length) : -1;
      if (end < 0) {
        indices ??= new Indices(value);
        end = indices.next(i, length);
      }
      if (position + 5 > out.end) return NO_ROOM;
      out.bytes[at] = HOLEY_ARRAY;
      out.bytes[position] = HOLES;
      out.view.setUint32(position + 1, end - i, true);
      position += 5;
      holes += end - i;
      i = end - 1;
    } else {
      position = write(out, element, position, depth + 1);
      if (position < 0) return position;
    }
  }
  return hasNamed(value, length, length - holes) ? NOT_PLAIN : position;
}

module.exports = { write, writeNumber, writeTag };
