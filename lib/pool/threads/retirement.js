'use strict';

// When threads are looked at that may have been idle for too long.

const { clearTimeout, setTimeout } = require('../../node/clock.js');
const { weakly } = require('../ownership.js');

class Retirement {
  #idleTimeout;
  #scope;
  #look;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {number} idleTimeout  in milliseconds
   * @param {(fn: () => unknown) => any} scope  calls in the context of the pool
   * @param {() => void} look
   */
  constructor(idleTimeout, scope, look) {
    this.#idleTimeout = idleTimeout;
    this.#scope = scope;
    this.#look = look;
  }

  /** Some threads need not stay. */
  later() {
    if (this.#timer !== undefined || this.#idleTimeout === Infinity) return;
    this.#scope(() => {
      // A timer must not keep the pool.
      const due = weakly(this, Retirement.#due);
      this.#timer = setTimeout(due, Math.max(this.#idleTimeout, 1));
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
