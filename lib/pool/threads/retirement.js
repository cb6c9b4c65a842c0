'use strict';

// When threads are looked at that may have been idle for too long.

const { clearTimeout, setTimeout } = require('../../node/clock.js');
const { weakly } = require('../ownership.js');

class Retirement {
  #scope;
  #look;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {(fn: () => unknown) => any} scope  calls in the context of the pool
   * @param {() => void} look
   */
  constructor(scope, look) {
    this.#scope = scope;
    this.#look = look;
  }

  /**
   * Some threads need not stay.
   *
   * @param {number} delay  when one of them may go, in milliseconds
   */
  later(delay) {
    if (this.#timer !== undefined || delay === Infinity) return;
    this.#scope(() => {
      // A timer must not keep the pool.
      const due = weakly(this, Retirement.#due);
      this.#timer = setTimeout(due, Math.max(delay, 1));
      this.#timer.unref();
    });
  }

  /** @param {Retirement} retirement */
  static #due = (retirement) => {
    retirement.#timer = undefined;
    retirement.#look();
  };

  close() {
    clearTimeout(this.#timer);
  }
}

module.exports = { Retirement };
