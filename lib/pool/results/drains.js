'use strict';

// Who waits for everything that was submitted before. Tasks belong to the generation of their
// submission; drain() ends one and waits for it and all older ones. Each task is counted once,
// however many wait.

const { FEW_CALLS, reserveStack } = require('../../node/stack.js');

class Drains {
  #oldest = newGeneration(); // that is not settled

  /** The generation of new tasks. Whoever lets one in counts it as missing. */
  youngest = this.#oldest;

  /**
   * A task of this generation was told how it ended.
   *
   * @param {Generation} generation
   */
  told(generation) {
    generation.missing--;
    this.fulfil();
  }

  /** Fulfils the promises whose tasks are all told. */
  fulfil() {
    let oldest = this.#oldest;
    while (oldest.missing === 0 && oldest.next !== undefined) {
      this.#oldest = oldest.next;
      oldest.resolve(); // hooks may have another task told
      oldest = this.#oldest;
    }
  }

  /** Settles when all tasks that were submitted before are told. */
  wait() {
    reserveStack(FEW_CALLS); // else the promise might be without its function
    const next = newGeneration(); // first: hooks of its promise may submit, and wait, too
    const generation = this.youngest;
    if (generation.missing === 0) {
      // Nothing was submitted since the last one ended.
      return generation === this.#oldest ? Promise.resolve() : this.#before(generation).promise;
    }
    generation.next = next;
    this.youngest = next;
    return generation.promise;
  }

  /** @param {Generation} generation */
  #before(generation) {
    let before = this.#oldest;
    while (before.next !== generation) before = /** @type {Generation} */ (before.next);
    return before;
  }
}

/**
 * @typedef {object} Generation
 * @property {number} missing  how many of its tasks are not told
 * @property {Generation | undefined} next  the younger one
 * @property {Promise<void>} promise  fulfilled when all tasks up to its last are told
 * @property {() => void} resolve
 *
 * @returns {Generation}
 */
function newGeneration() {
  /** @type {any}  a Generation, once it has its promise */
  const generation = { missing: 0, next: undefined, promise: undefined, resolve: undefined };
  generation.promise = new Promise((resolve) => {
    generation.resolve = resolve;
  });
  return generation;
}

module.exports = { Drains };
