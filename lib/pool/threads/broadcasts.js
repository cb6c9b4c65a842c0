'use strict';

// Values for all threads of a pool (lib/worker/broadcasts.js): who has still to answer, and what
// threads get that are started later.

const { errorOfBytes } = require('../../codec/error-bytes.js');
const { captureTrace, stackFrom } = require('../../errors/coded.js');
const { notCloneable } = require('../../errors/pool.js');
const { broadcastFailedOn, broadcastOfNative } = require('../../errors/processor.js');
const { messages } = require('../../node/pool-thread.js');
const { SafeMap, SafeSet } = require('../../node/safe-map.js');
const { MANY_CALLS, reserveStack } = require('../../node/stack.js');
const { weakly } = require('../ownership.js');
const { phases } = require('./thread.js');

// As it is now: a program may put something else in its place.
const { structuredClone } = globalThis;

/**
 * @typedef {{ kind: string, number: number, value: unknown }} Message
 * @typedef {import('./thread.js').Thread} Thread
 * @typedef {Thread & { control: import('./control.js').Control }} Hearer
 *
 * @typedef {object} Round  one value, until every thread has answered or has ended
 * @property {number} count  of the threads
 * @property {Set<Hearer>} waiting
 * @property {{ id: number, error: unknown } | undefined} failure  the first one
 * @property {number} failures
 * @property {unknown} refusal
 * @property {() => void} resolve
 * @property {(error: unknown) => void} reject
 */

class Broadcasts {
  #file;
  #present;
  #held;
  /** @type {Map<number, Round>}  by the number of the message */
  #rounds = new SafeMap();
  #number = 0;
  /** @type {(() => unknown) | undefined}  once nobody waits for threads */
  #makeError;

  /** @type {Message | undefined}  the last one, for threads to come */
  latest;

  /**
   * @param {{ file?: string, url?: string }} processor  neither for a native one
   * @param {object} parts
   * @param {() => Thread[]} parts.present  the threads that have not ended
   * @param {(promise: Promise<void>) => Promise<void>} parts.held  the same
   *   promise, until which the pool is kept
   */
  constructor({ file, url }, { present, held }) {
    this.#file = file ?? url;
    this.#present = present;
    this.#held = held;
  }

  /**
   * Settles when each thread that takes tasks has answered, or has ended.
   *
   * @param {unknown} value
   * @param {Function} hidden
   */
  async send(value, hidden) {
    const trace = captureTrace(hidden);
    try {
      if (this.#file === undefined) throw broadcastOfNative();
      // First: its getters may do anything to the threads, and send values, too.
      const copy = copyOf(value);
      if (this.#makeError !== undefined) throw this.#makeError();
      reserveStack(MANY_CALLS); // all threads get it, or none
      const threads = this.#present().filter(takesTasks);
      await this.#held(this.#send(copy, /** @type {Hearer[]} */ (threads)));
    } catch (error) {
      throw stackFrom(/** @type {import('../../errors/coded.js').CodedError} */ (error), trace);
    }
  }

  /**
   * Nobody waits for the threads any more.
   *
   * @param {() => unknown} makeError
   */
  fail(makeError) {
    this.#makeError = makeError;
    this.#rounds.forEach(({ reject }) => reject(makeError()));
    this.#rounds.clear();
  }

  /**
   * The thread has ended, and what it has said was heard.
   *
   * @param {Hearer} thread
   */
  gone(thread) {
    this.#rounds.forEach((round, number) => {
      if (round.waiting.delete(thread)) this.#settle(number, round);
    });
  }

  /**
   * @param {unknown} value  a copy
   * @param {readonly Hearer[]} threads
   * @returns {Promise<void>}
   */
  #send(value, threads) {
    return new Promise((resolve, reject) => {
      const message = { kind: messages.BROADCAST, number: ++this.#number, value };
      /** @type {Round} */
      const round = {
        count: threads.length,
        waiting: new SafeSet(),
        failure: undefined,
        failures: 0,
        refusal: undefined,
        resolve,
        reject,
      };
      for (let i = 0; i < threads.length; i++) round.waiting.add(threads[i]);
      this.latest = message;
      this.#rounds.set(message.number, round);
      for (let i = 0; i < threads.length; i++) this.#post(threads[i], message);
      this.#settle(message.number, round);
    });
  }

  /**
   * @param {Hearer} thread
   * @param {Message} message
   */
  #post(thread, message) {
    const answered = weakly(this, Broadcasts.#answered);
    thread.control.broadcast(message, (answer) => answered(thread, answer));
  }

  /**
   * @param {Broadcasts} broadcasts
   * @param {Hearer} thread
   * @param {import('./control.js').Answer} answer
   */
  static #answered = (broadcasts, thread, { number, failed, refused }) => {
    const round = broadcasts.#rounds.get(number);
    if (!round?.waiting.delete(thread)) return; // it has had the value from its start
    if (refused !== undefined) round.refusal = errorOfBytes(refused);
    if (failed !== undefined) {
      round.failures++;
      round.failure ??= { id: thread.id, error: errorOfBytes(failed) };
    }
    broadcasts.#settle(number, round);
  };

  /**
   * @param {number} number
   * @param {Round} round
   */
  #settle(number, round) {
    if (round.waiting.size > 0) return;
    this.#rounds.delete(number);
    const { failure, failures, count, refusal } = round;
    if (refusal !== undefined) round.reject(refusal);
    else if (failure === undefined) round.resolve();
    else round.reject(broadcastFailedOn(this.#file, failure, failures, count));
  }
}

/** @param {Thread} thread */
const takesTasks = ({ phase }) => phase !== phases.LEAVING && phase !== phases.STOPPING;

/** @param {unknown} value */
function copyOf(value) {
  try {
    return structuredClone(value);
  } catch (error) {
    throw notCloneable('value', error);
  }
}

module.exports = { Broadcasts };
