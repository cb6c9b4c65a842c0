'use strict';

// Whether threads may be missing for tasks that are submitted, though the stack may be used up.

const { enqueueMicrotask } = require('../../node/microtask.js');

const demands = Object.freeze({
  NONE: 'none',
  EXPECTED: 'expected', // a microtask will look after it
  BROKEN_OFF: 'broken off', // a microtask will make up for it
});

class Demand {
  #refill;
  /** @type {string} */
  #demand = demands.NONE;

  /** @param {() => void} refill  starts the threads that are missing */
  constructor(refill) {
    this.#refill = refill;
  }

  /** Before `meet()`, which is made up for in a microtask if the stack is used up by then. */
  expect() {
    if (this.#demand !== demands.NONE) return;
    enqueueMicrotask(this.#meetExpected);
    this.#demand = demands.EXPECTED;
  }

  /** Never throws. */
  meet() {
    const before = this.#demand;
    this.#demand = demands.BROKEN_OFF;
    try {
      this.#refill();
      this.#demand = before;
    } catch {
      /* the stack is used up */
    }
  }

  /** Makes up for it now, for a caller that no microtask comes before. Throws if it cannot. */
  makeUp() {
    if (this.#demand === demands.BROKEN_OFF) this.#refill();
  }

  #meetExpected = () => {
    const missed = this.#demand === demands.BROKEN_OFF;
    this.#demand = demands.NONE;
    if (missed) this.#refill();
  };
}

module.exports = { Demand };
