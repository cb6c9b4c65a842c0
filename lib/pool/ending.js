'use strict';

// How a pool ends:
//
//   open --> draining --> closed
//      \------------------^
//
// A pool that is draining ends when its tasks are done, when the time for that has passed, or when
// it is closed without draining: whichever comes first.

const { captureStack } = require('../errors/coded.js');
const { closed, closeTimeout } = require('../errors/pool.js');
const { clearTimeout, now, setTimeout } = require('../node/clock.js');
const { FEW_CALLS, reserveStack } = require('../node/stack.js');

const phases = Object.freeze({
  OPEN: 'open', // it takes tasks
  DRAINING: 'draining', // it takes no more, and finishes those that it has
  CLOSED: 'closed', // what was left has failed
});

/**
 * @typedef {object} Failure  of the tasks that are left at the end
 * @property {() => import('../errors/coded.js').CodedError} make  the error of one of them
 * @property {Error} example  whose stack all of them have
 */

class Ending {
  /**
   * Fulfilled when what is left is to fail.
   *
   * @type {Promise<Failure>}
   */
  over;
  /** @type {(failure: Failure) => void} */
  #resolve = () => {};
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #timeIsUp = Infinity;

  /**
   * @param {Promise<void>} drained  fulfilled when no task is left
   * @param {Function} hidden
   */
  constructor(drained, hidden) {
    // Else the promise might be without its function.
    reserveStack(FEW_CALLS);
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#cutWhen(drained, failureOf(closed, hidden));
  }

  /**
   * @param {Promise<void>} drained
   * @param {Failure} failure
   */
  async #cutWhen(drained, failure) {
    await drained;
    this.cut(failure);
  }

  /**
   * The tasks have this many milliseconds from now on. The earliest limit counts.
   *
   * @param {number} milliseconds  or Infinity
   * @param {Function} hidden
   */
  limit(milliseconds, hidden) {
    const timeIsUp = now() + milliseconds;
    if (timeIsUp >= this.#timeIsUp) return;
    const failure = failureOf(() => closeTimeout(milliseconds), hidden);
    const timer = setTimeout(() => this.cut(failure), milliseconds);
    const before = this.#timer;
    this.#timer = timer;
    this.#timeIsUp = timeIsUp;
    clearTimeout(before);
  }

  /**
   * The tasks have no more time.
   *
   * @param {Failure} failure
   */
  cut(failure) {
    clearTimeout(this.#timer);
    this.#resolve(failure);
  }
}

/**
 * @param {() => import('../errors/coded.js').CodedError} make
 * @param {Function} hidden
 * @returns {Failure}
 */
function failureOf(make, hidden) {
  return { make, example: captureStack(make(), hidden) };
}

module.exports = { Ending, failureOf, phases };
