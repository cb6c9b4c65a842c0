'use strict';

// Mends that are tried: functions, listeners and bound functions at given places keep their
// contexts. Functions are bound by the transform, the others where they are registered.

const { AsyncResource } = require('../node/async-hooks.js');
const { current } = require('./contexts.js');
const { pathOf } = require('./own-files.js');

/** @typedef {import('./options.js').Spot} Spot */

class Mends {
  /** @type {Map<string, Spot[]>} */
  #byFile = new Map();
  /** @type {Set<Spot>} those that were put in */
  #done = new Set();

  #tell;

  /**
   * @param {readonly Spot[]} spots
   * @param {(spot: Spot) => void} [tell]  called when one is put in
   */
  constructor(spots, tell = () => {}) {
    this.#tell = tell;
    for (const spot of spots) {
      const file = pathOf(spot.file);
      const known = this.#byFile.get(file);
      if (known === undefined) this.#byFile.set(file, [spot]);
      else known.push(spot);
    }
  }

  get isEmpty() {
    return this.#byFile.size === 0;
  }

  /**
   * Those of a file.
   *
   * @param {string} file
   * @returns {readonly Spot[]}
   */
  of(file) {
    return this.#byFile.get(pathOf(file)) ?? [];
  }

  /** @param {Spot} spot */
  put(spot) {
    if (this.#done.has(spot)) return;
    this.#done.add(spot);
    this.#tell(spot);
  }

  /**
   * One was put in by another thread.
   *
   * @param {Spot} copy
   */
  putLike(copy) {
    for (const spot of this.of(copy.file)) {
      if (spot.line === copy.line && spot.column === copy.column) this.put(spot);
    }
  }

  /**
   * Whether something that is registered on a line is to be bound.
   *
   * @param {string} file
   * @param {number} line
   */
  registers(file, line) {
    const spot = this.of(file).find((one) => one.line === line);
    if (spot === undefined) return false;
    this.put(spot);
    return true;
  }

  /** Those that were not put in. */
  get missing() {
    return [...this.#byFile.values()].flat().filter((spot) => !this.#done.has(spot));
  }
}

/**
 * What the transform has called with a function that is to keep its context.
 *
 * @param {any} fn
 */
function keepContext(fn) {
  return current() === undefined || typeof fn !== 'function' ? fn : AsyncResource.bind(fn);
}

module.exports = { Mends, keepContext };
