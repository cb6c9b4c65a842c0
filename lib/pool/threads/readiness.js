'use strict';

// Who waits for the first threads of a pool.

const { captureTrace, stackFrom } = require('../../errors/coded.js');
const { MANY_CALLS, reserveStack } = require('../../node/stack.js');

/** @typedef {import('../../errors/coded.js').CodedError} CodedError */
/** @typedef {{ resolve: () => void, reject: (error: CodedError) => void }} Waiter */

class Readiness {
  #threads;
  #liveness;
  /** @type {Waiter[]} */
  #waiters = [];

  /**
   * @param {object} parts
   * @param {import('./index.js').Threads} parts.threads
   * @param {import('../liveness.js').Liveness} parts.liveness
   */
  constructor({ threads, liveness }) {
    this.#threads = threads;
    this.#liveness = liveness;
  }

  /**
   * Fulfilled when as many threads as shall stay take tasks. Rejected if one of them cannot start,
   * or the pool is closed before.
   *
   * @param {Function} hidden
   */
  wait(hidden) {
    reserveStack(MANY_CALLS);
    const trace = captureTrace(hidden);
    const ready = new Promise((/** @type {(value?: any) => void} */ resolve, reject) => {
      this.#waiters.push({ resolve, reject: (error) => reject(stackFrom(error, trace)) });
    });
    const held = this.#liveness.holdFor(ready);
    if (this.#threads.areUp) this.look();
    else this.#threads.startMissing();
    return held;
  }

  /** A thread takes tasks from now on, perhaps the last one that was missing. */
  look() {
    if (this.#waiters.length === 0 || !this.#threads.areUp) return;
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  /**
   * A thread cannot start, or nobody waits for it any more.
   *
   * @param {() => CodedError} makeError
   */
  fail(makeError) {
    for (const { reject } of this.#waiters.splice(0)) reject(makeError());
  }
}

module.exports = { Readiness };
