'use strict';

// What an array has besides its elements in a row: holes, and properties with names.

const { String, hasOwn, inspect, ownKeys } = require('./built-ins.js');

// The most holes that are looked at one by one. A sparse array may have billions, so after them its
// keys are taken, once.
const MAX_STEPS = 64;

/**
 * @param {unknown[]} array
 * @param {number} start
 * @param {number} length
 */
function nearEndOfHoles(array, start, length) {
  const limit = length < start + MAX_STEPS ? length : start + MAX_STEPS;
  for (let i = start + 1; i < limit; i++) if (hasOwn(array, i)) return i;
  return limit === length ? length : -1;
}

// The indices of the elements of an array, in their order. They come first among its keys.
class Indices {
  #keys;
  #next = 0;

  /** @param {unknown[]} array */
  constructor(array) {
    this.#keys = ownKeys(array);
  }

  /**
   * The first one after `start`, or `length`. To be asked with ever larger numbers.
   *
   * @param {number} start
   * @param {number} length
   */
  next(start, length) {
    while (this.#next < this.#keys.length) {
      const key = this.#keys[this.#next];
      const index = +key >>> 0;
      if (index >= length || String(index) !== key) break; // a name
      if (index > start) return index;
      this.#next++;
    }
    return length;
  }
}

// In longer arrays, having the keys made is slower than asking inspect(), which can leave out the
// indices: with no element to show it shows the named properties, if there are any.
const MAX_KEYS_MADE = 128;
const NO_ELEMENTS = { __proto__: null, maxArrayLength: 0, depth: 0, customInspect: false };

/**
 * Whether an array has enumerable properties other than its elements, as a match of a RegExp has.
 *
 * @param {unknown[]} array
 * @param {number} length
 * @param {number} present
 */
function hasNamed(array, length, present) {
  if (
    length > MAX_KEYS_MADE &&
    present === length &&
    inspect(array, NO_ELEMENTS) === `[ ... ${length} more items ]`
  ) {
    return false;
  }
  return ownKeys(array).length !== present;
}

module.exports = { Indices, hasNamed, nearEndOfHoles };
