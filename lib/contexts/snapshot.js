'use strict';

// Plain data as it was at one moment: tells whether a value is still the same, and copies itself.

const { ArrayNode, ObjectNode, Structure, isPlain, isSame, kinds } = require('./structures.js');

const { getPrototypeOf, keys } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const arrayPrototype = Array.prototype;

// A larger value is encoded each time: a snapshot of it would take as long, and as much memory.
const MOST_VALUES = 256;
const MAX_DEPTH = 8;

// A program whose stores have more of them uses them as dictionaries.
const MOST_STRUCTURES = 256;

/** In place of a snapshot: of what is not plain, large, or refers to the same object twice. */
const NOT_PLAIN = Symbol('not plain');

/** @typedef {import('./structures.js').Child} Child */

/** @type {Map<string, Structure>}  by their texts */
const structures = new Map();

class Snapshot {
  #structure;
  #primitives;

  /**
   * @param {Structure} structure
   * @param {readonly unknown[]} primitives
   */
  constructor(structure, primitives) {
    this.#structure = structure;
    this.#primitives = primitives;
  }

  /** @param {unknown} value */
  isOf(value) {
    return this.#structure.matches(value, this.#primitives);
  }

  copy() {
    return this.#structure.copy(this.#primitives);
  }
}

/** One walk over a value. */
class Walk {
  /** @type {unknown[]} */
  primitives = [];
  text = '';
  #met = new Set();
  #left = MOST_VALUES;

  /**
   * `undefined` if it is not plain.
   *
   * @param {any} value
   * @param {number} depth
   * @returns {Child | undefined}
   */
  nodeOf(value, depth) {
    if (--this.#left < 0) return undefined;
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'function' || typeof value === 'symbol') return undefined;
      this.primitives.push(value);
      const isNumber = typeof value === 'number';
      this.text += isNumber ? '#' : '.';
      return isNumber ? kinds.NUMBER : kinds.OTHER;
    }
    if (depth === MAX_DEPTH || this.#met.has(value)) return undefined;
    this.#met.add(value);
    const array = isArray(value);
    if (array ? getPrototypeOf(value) !== arrayPrototype : !isPlain(value)) return undefined;
    const own = keys(value);
    if (array ? own.length !== value.length : own.includes('__proto__')) return undefined;
    return this.#nodeWith(value, own, array, depth);
  }

  /**
   * @param {any} value
   * @param {string[]} own
   * @param {boolean} array
   * @param {number} depth
   */
  #nodeWith(value, own, array, depth) {
    /** @type {Child[]} */
    const children = [];
    /** @type {number[]} */
    const at = [];
    this.text += array ? '[' : '{';
    for (const key of own) {
      if (!array) this.text += stringify(key);
      at.push(this.primitives.length);
      const child = this.nodeOf(value[key], depth + 1);
      if (child === undefined) return undefined;
      children.push(child);
    }
    this.text += array ? ']' : '}';
    return array ? new ArrayNode(children, at) : new ObjectNode(own, children, at);
  }
}

/**
 * A snapshot, or a primitive, which is its own, or NOT_PLAIN.
 *
 * @param {unknown} value
 */
function snapshotOf(value) {
  const walk = new Walk();
  const root = walk.nodeOf(value, 0);
  if (root === undefined) return NOT_PLAIN;
  if (typeof root === 'string') return value;
  let structure = structures.get(walk.text);
  if (structure === undefined) {
    if (structures.size === MOST_STRUCTURES) structures.clear();
    structure = new Structure(root);
    structures.set(walk.text, structure);
  }
  return new Snapshot(structure, walk.primitives);
}

/**
 * Whether the value is what it was in the snapshot.
 *
 * @param {unknown} value
 * @param {unknown} snapshot
 */
function isUnchanged(value, snapshot) {
  return snapshot instanceof Snapshot ? snapshot.isOf(value) : isSame(value, snapshot);
}

/**
 * A copy of what the snapshot was made of.
 *
 * @param {any} snapshot
 */
const copyOf = (snapshot) => (snapshot instanceof Snapshot ? snapshot.copy() : snapshot);

module.exports = { NOT_PLAIN, copyOf, isUnchanged, snapshotOf };
