'use strict';

// The export `broadcast` of a processor, which is called with each value that the pool has for all
// of its threads: one after the other, after `setup`, and with those that have come by then before
// the thread takes tasks.

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

/** @typedef {{ file: string, broadcast: Function }} Other  another file that takes the values */

/**
 * A value, and what the answer names it by.
 *
 * @typedef {{ number: number, value: unknown }} Message
 */

class Broadcasts {
  #exported;
  #file;
  /** @type {Other[]} */
  #others = [];
  /** @type {{ value: unknown } | undefined}  that the export was called with last */
  #latest;
  #control;
  /** @type {Message[] | undefined}  those that have come before the processor was set up */
  #early = [];
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

  /** @param {Message} message */
  hear(message) {
    const broadcast = this.#exported.get(BROADCAST);
    if (broadcast === undefined) {
      refuse(this.#control, message.number, this.#exported.unknown(BROADCAST));
    } else if (this.#early === undefined) this.#pass(broadcast, message);
    else this.#early.push(message);
  }

  /**
   * A file that was loaded later takes the values, too: the last one now. The promise rejects if it
   * does not take that; then it gets no others.
   *
   * @param {Other} other
   */
  join(other) {
    const joined = this.#join(this.#last, other);
    this.#last = joined.catch(() => {});
    return joined;
  }

  /**
   * @param {Promise<void> | undefined} before
   * @param {Other} other
   */
  async #join(before, other) {
    await before;
    if (this.#latest !== undefined) await pass(other, this.#latest.value);
    this.#others.push(other);
  }

  /**
   * The processor is set up. Gives whether the thread has to wait before it takes tasks: the
   * promise rejects if the last value was not taken, and the thread cannot start.
   *
   * @returns {Promise<void> | undefined}
   */
  catchUp() {
    this.#control.take();
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.hear(message);
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
   * @param {Function} broadcast
   * @param {Message} message
   */
  #pass(broadcast, message) {
    this.#pending++;
    this.#last = this.#call(this.#last, broadcast, message);
  }

  /**
   * @param {Promise<void> | undefined} before
   * @param {Function} broadcast
   * @param {Message} message
   */
  async #call(before, broadcast, { number, value }) {
    await before;
    this.#latest = { value };
    const failures = await failuresOf([
      () => broadcast(value),
      ...this.#others.map((other) => () => pass(other, value)),
    ]);
    this.#failure = failures[0];
    if (failures.length === 0) this.#control.answer({ number });
    else this.#control.answer({ number, failed: bytesOf(failures[0].error) });
    this.#pending--;
  }
}

/**
 * Calls all of them, one after the other.
 *
 * @param {(() => unknown)[]} calls
 */
async function failuresOf(calls) {
  /** @type {{ error: unknown }[]} */
  const failures = [];
  for (const call of calls) {
    try {
      await call();
    } catch (error) {
      failures.push({ error });
    }
  }
  return failures;
}

/**
 * @param {Other} other
 * @param {unknown} value
 */
async function pass({ file, broadcast }, value) {
  try {
    await broadcast(value);
  } catch (error) {
    throw broadcastFailed(file, error);
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
