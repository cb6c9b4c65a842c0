'use strict';

// The export `broadcast` of a processor, which is called with each value that the pool has for all
// of its threads: one after the other, and with those that came before the thread takes tasks.

const { bytesOfError } = require('../codec/error-bytes.js');
const { notCloneable } = require('../errors/pool.js');
const { broadcastFailed } = require('../errors/processor.js');

/** The name of the export. */
const BROADCAST = 'broadcast';

/**
 * @typedef {object} Parts
 * @property {import('./exports.js').Exports} exported
 * @property {string} file
 * @property {import('./control.js').Control} control
 */

class Broadcasts {
  #exported;
  #file;
  #control;
  #pending = 0;
  /** @type {Promise<void> | undefined}  the end of the last one */
  #last;
  /** @type {{ error: unknown } | undefined}  of the last one */
  #failure;

  /** @param {Parts} parts */
  constructor({ exported, file, control }) {
    this.#exported = exported;
    this.#file = file;
    this.#control = control;
  }

  /** Settled when the export is done with all that has come. */
  get settled() {
    return this.#last;
  }

  /** @param {{ number: number, value: unknown }} message */
  hear({ number, value }) {
    const broadcast = this.#exported.get(BROADCAST);
    if (broadcast === undefined) {
      refuse(this.#control, number, this.#exported.unknown(BROADCAST));
      return;
    }
    this.#pending++;
    this.#last = this.#call(this.#last, broadcast, number, value);
  }

  /**
   * Whether the thread has to wait before it takes tasks: the promise rejects if the last value was
   * not taken, and the thread cannot start.
   *
   * @returns {Promise<void> | undefined}
   */
  catchUp() {
    this.#control.take();
    return this.#pending === 0 ? undefined : this.#caughtUp();
  }

  async #caughtUp() {
    while (this.#pending > 0) {
      await this.#last;
      this.#control.take();
    }
    if (this.#failure !== undefined) throw broadcastFailed(this.#file, this.#failure.error);
  }

  /**
   * @param {Promise<void> | undefined} before
   * @param {Function} broadcast
   * @param {number} number
   * @param {unknown} value
   */
  async #call(before, broadcast, number, value) {
    await before;
    try {
      await broadcast(value);
      this.#failure = undefined;
      this.#control.answer({ number });
    } catch (error) {
      this.#failure = { error };
      this.#control.answer({ number, failed: bytesOf(error) });
    }
    this.#pending--;
  }
}

/**
 * There is no export: answers with the error.
 *
 * @param {import('./control.js').Control} control
 * @param {number} number
 * @param {unknown} error
 */
function refuse(control, number, error) {
  control.answer({ number, refused: bytesOf(error) });
}

/** @param {unknown} error */
const bytesOf = (error) =>
  bytesOfError(error) ?? bytesOfError(notCloneable('error', new RangeError('it is too large')));

module.exports = { BROADCAST, Broadcasts, refuse };
