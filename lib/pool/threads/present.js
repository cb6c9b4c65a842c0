'use strict';

// The threads that have not ended, by the numbers of their lanes.

const { SafeMap } = require('../../node/safe-map.js');

/** @typedef {import('./thread.js').Thread} Thread */

class Present {
  #lanes;
  /** @type {Map<number, Thread>} */
  #threads = new SafeMap(); // by the number of the first lane
  #making = 0;

  /** @param {number} lanes  of each thread */
  constructor(lanes) {
    this.#lanes = lanes;
  }

  /** Whether one is being made, by a call that this one is within. */
  get isMaking() {
    return this.#making > 0;
  }

  /** How many there are, with those that are being made. */
  get count() {
    return this.#threads.size + this.#making;
  }

  all() {
    /** @type {Thread[]} */
    const all = [];
    this.#threads.forEach((thread) => void all.push(thread));
    return all;
  }

  /**
   * Adds a thread, which counts already while it is made: getters of `workerData` and hooks may do
   * anything then.
   *
   * @param {() => Thread} make
   */
  add(make) {
    this.#making++;
    try {
      const thread = make();
      this.#threads.set(thread.workerId, thread);
      return thread;
    } finally {
      this.#making--;
    }
  }

  /** @param {Thread} thread */
  remove(thread) {
    this.#threads.delete(thread.workerId);
  }

  /** @param {number} workerId */
  get(workerId) {
    return this.#threads.get(workerId - (workerId % this.#lanes));
  }

  /** @param {number} workerId */
  laneOf(workerId) {
    return this.get(workerId)?.lanes[workerId % this.#lanes];
  }
}

module.exports = { Present };
