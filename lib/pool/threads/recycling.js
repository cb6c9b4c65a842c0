'use strict';

// Replaces the threads of a pool, one after the other: each has a successor started, and is retired
// as soon as that one is ready. So no task waits for a thread that is missing meanwhile.

const { SafeSet } = require('../../node/safe-map.js');
const { MANY_CALLS, reserveStack } = require('../../node/stack.js');

/** @typedef {import('./thread.js').Thread} Thread */

/**
 * A call of recycle(), until all threads that were there have ended.
 *
 * @typedef {object} Round
 * @property {Set<Thread>} present
 * @property {() => void} resolve
 * @property {(error: unknown) => void} reject
 */

/**
 * @typedef {object} Acts  what Threads does
 * @property {() => Thread} exchange  starts one more thread, in place of one that stays for now:
 *   also if it throws what a thread throws that cannot be made
 * @property {() => void} exchanged  both count as threads again
 * @property {(thread: Thread) => void} retire  has the thread end, after its task if it runs one
 */

class Recycling {
  #acts;
  /** @type {Thread[]} */
  #outdated = []; // those that have no successor yet
  /** @type {Set<Round>} */
  #rounds = new SafeSet();
  /** @type {{ old: Thread, successor: Thread | undefined } | undefined}  that one is being made */
  #exchange;

  /** @param {Acts} acts */
  constructor(acts) {
    this.#acts = acts;
  }

  /**
   * Settles when these threads have ended. Rejected if the successor of one cannot start: then that
   * one and those after it stay.
   *
   * @param {readonly Thread[]} present
   * @param {readonly Thread[]} working  those of them that do not end anyhow
   * @returns {Promise<void>}
   */
  replace(present, working) {
    reserveStack(MANY_CALLS);
    return new Promise((resolve, reject) => {
      const round = { present: new SafeSet(), resolve, reject };
      for (let i = 0; i < present.length; i++) round.present.add(present[i]);
      for (let i = 0; i < working.length; i++) this.#replaceLater(working[i]);
      this.#rounds.add(round);
      this.#settle(round);
      this.#next();
    });
  }

  /**
   * The thread takes tasks from now on.
   *
   * @param {Thread} thread
   */
  ready(thread) {
    if (thread !== this.#exchange?.successor) return;
    const { old } = this.#exchange;
    this.#end();
    this.#acts.retire(old);
    this.#next();
  }

  /**
   * The thread takes no further task, for whatever reason: it needs no successor.
   *
   * @param {Thread} thread
   */
  leaving(thread) {
    const place = this.#outdated.indexOf(thread);
    if (place >= 0) this.#outdated.splice(place, 1);
    if (thread !== this.#exchange?.old) return;
    this.#end();
    this.#next();
  }

  /**
   * The thread has ended.
   *
   * @param {Thread} thread
   * @param {() => unknown} startError  why, if it was never ready
   */
  gone(thread, startError) {
    if (thread === this.#exchange?.successor) {
      this.#end();
      this.#fail(startError());
    }
    this.leaving(thread);
    this.#rounds.forEach((round) => {
      round.present.delete(thread);
      this.#settle(round);
    });
  }

  /** The pool is being closed: all threads end, and nobody needs a successor. */
  close() {
    this.#outdated = [];
    if (this.#exchange !== undefined) this.#end();
  }

  /** @param {Thread} thread */
  #replaceLater(thread) {
    if (thread === this.#exchange?.old || this.#outdated.includes(thread)) return;
    this.#outdated.push(thread);
  }

  // Starts the next successor.
  #next() {
    if (this.#exchange !== undefined) return;
    const old = this.#outdated.shift();
    if (old === undefined) return;
    /** @type {{ old: Thread, successor: Thread | undefined }} */
    const exchange = { old, successor: undefined };
    this.#exchange = exchange; // now: code of the program may run while a thread is made
    try {
      exchange.successor = this.#acts.exchange();
    } catch (error) {
      if (this.#exchange === exchange) this.#end();
      this.#fail(error);
    }
  }

  #end() {
    this.#exchange = undefined;
    this.#acts.exchanged();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#outdated = [];
    this.#rounds.forEach(({ reject }) => reject(error));
    this.#rounds.clear();
  }

  /** @param {Round} round */
  #settle(round) {
    if (round.present.size > 0) return;
    this.#rounds.delete(round);
    round.resolve();
  }
}

module.exports = { Recycling };
