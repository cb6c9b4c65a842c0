'use strict';

// The numbers by which a pool and its threads know contexts. A thread may have kept what a number
// stood for, for a short time, so a number is used again after half of all others at the earliest.

const { SafeSet } = require('../../node/safe-map.js');

class ContextNumbers {
  #last;
  #latest = 0;
  #taken = new SafeSet();
  // Taken as well, by nobody: they were freed shortly before they would have been next.
  #resting = new SafeSet();

  /** @param {number} last  from 1 to this */
  constructor(last) {
    this.#last = last;
  }

  /** A number that is not in use. */
  take() {
    do this.#latest = this.#latest === this.#last ? 1 : this.#latest + 1;
    while (this.#isTaken(this.#latest));
    this.#taken.add(this.#latest);
    return this.#latest;
  }

  /**
   * The number is not in use any more.
   *
   * @param {number} number
   */
  free(number) {
    const ahead = number - this.#latest;
    if ((ahead > 0 ? ahead : ahead + this.#last) > this.#last / 2) this.#taken.delete(number);
    else this.#resting.add(number);
  }

  /** @param {number} number  which comes again after all others if it rests now */
  #isTaken(number) {
    if (!this.#taken.has(number)) return false;
    if (this.#resting.delete(number)) this.#taken.delete(number);
    return true;
  }
}

module.exports = { ContextNumbers };
