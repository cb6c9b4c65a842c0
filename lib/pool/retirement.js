'use strict';

// When threads are looked at that may have been idle for too long.

const { clearTimeout, setTimeout } = require('../node/clock.js');

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
      this.#timer = setTimeout(this.#due, Math.max(this.#idleTimeout, 1));
      this.#timer.unref();
    });
  }

  #due = () => {
    this.#timer = undefined;
    this.#look();
  };

  close() {
    clearTimeout(this.#timer);
  }
}

module.exports = { Retirement };
