'use strict';

// The place where all of a kind are made, as good as always: each gets a stack until enough of
// them, one after the other, were made at one place. The next ones are taken to be, and a stack for
// every so many sees to that.

const { placeHere } = require('./places.js');
const { StackBudget } = require('./stack-budget.js');

const DEPTH = 8; // of a stack
// So many have to agree, at first; twice as many after each that was made elsewhere.
const AGREEING = 16;
// Stacks for a kind that does not agree.
const STACKS = 1024;
// One in so many is looked at beyond that.
const CHECKED = 64;

class UsualPlace {
  #budget = new StackBudget(STACKS);
  #needed = AGREEING;
  #agreeing = 0;
  #place = 0;
  #passed = 0;

  /**
   * Where the next one is made; 0 if that is not known.
   *
   * @param {Function} hidden
   */
  next(hidden) {
    const isKnown = this.#agreeing >= this.#needed;
    if ((isKnown || !this.#budget.take()) && ++this.#passed % CHECKED !== 0) {
      return isKnown ? this.#place : 0;
    }
    const place = placeHere(hidden, DEPTH);
    if (place === this.#place) {
      this.#agreeing++;
    } else {
      if (this.#agreeing > 0) this.#needed *= 2;
      this.#place = place;
      this.#agreeing = 1;
    }
    return place;
  }

  /** From now on, each of them gets a stack. */
  open() {
    this.#needed = Number.POSITIVE_INFINITY;
    this.#budget.open();
  }
}

module.exports = { UsualPlace };
