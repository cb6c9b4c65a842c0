'use strict';

// How many stacks a kind of place is worth. A stack costs more than all that is done with it, so it
// is captured for the first of a kind, and for more of them once one has turned out to matter.

class StackBudget {
  #first;
  #left;

  /** @param {number} first  how many of the kind get one */
  constructor(first) {
    this.#first = first;
    this.#left = first;
  }

  get isEmpty() {
    return this.#left === 0;
  }

  /** Takes one; `false` if there is none left. */
  take() {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  /**
   * Gives at least so many again.
   *
   * @param {number} [count]
   */
  renew(count = this.#first) {
    this.#left = Math.max(this.#left, count);
  }

  /** From now on for all of the kind. */
  open() {
    this.#left = Number.POSITIVE_INFINITY;
  }
}

module.exports = { StackBudget };
