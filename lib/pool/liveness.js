'use strict';

// Whether a pool has something to do. Meanwhile the process does not end, and the pool is not
// collected; afterwards it emits 'drain'.

const { nextTick, setImmediate } = require('../node/clock.js');
const { SafeSet } = require('../node/safe-map.js');

const phases = Object.freeze({
  FREE: 'free', // nothing keeps the pool
  HELD: 'held', // as long as there are tasks
  CLOSING: 'closing', // until `closed()`
});

/** The pools that are kept. */
const kept = new SafeSet();

class Liveness {
  #pool;
  #tasks;
  #ref;
  #unref;
  #drained;
  #released;
  /** @type {string} */
  #phase = phases.FREE;
  #awaited = 0; // promises
  #releasing = false; // in this turn of the event loop
  #submittedAtDrain = 0;

  /**
   * @param {object} pool
   * @param {object} parts
   * @param {import('./tasks/table.js').TaskTable} parts.tasks
   * @param {() => void} parts.ref  the addon's: the pool keeps the process alive
   * @param {() => void} parts.unref  the addon's
   * @param {() => void} parts.drained  called when all tasks are told. It runs code of others
   * @param {() => void} parts.released  called when there were no more tasks to keep the pool for
   */
  constructor(pool, { tasks, ref, unref, drained, released }) {
    this.#pool = pool;
    this.#tasks = tasks;
    this.#ref = ref;
    this.#unref = unref;
    this.#drained = drained;
    this.#released = released;
  }

  /** A task is about to be submitted. */
  hold() {
    if (this.#phase !== phases.FREE) return;
    this.#releaseSoon(); // if the submission is broken off
    this.#ref();
    kept.add(this.#pool);
    this.#phase = phases.HELD;
  }

  /**
   * Something else to do than tasks, until the promise is settled.
   *
   * @template T
   * @param {Promise<T>} promise
   */
  async holdFor(promise) {
    this.hold();
    this.#awaited++;
    try {
      return await promise;
    } finally {
      this.#awaited--;
      this.#releaseSoon();
    }
  }

  /** The pool is being closed. */
  close() {
    this.hold();
    this.#phase = phases.CLOSING;
  }

  /** The pool is closed, and its threads are gone. */
  closed() {
    this.#free();
  }

  /** Tasks may have been told, and the last one among them. */
  check() {
    const { untold, submitted } = this.#tasks;
    if (untold > 0 || submitted === this.#submittedAtDrain) return;
    this.#submittedAtDrain = submitted;
    this.#releaseSoon();
    this.#drained();
  }

  /** The same where code of others must not run: at the end of one task, or in a microtask. */
  checkInTick() {
    if (this.#tasks.untold === 0) nextTick(this.#check);
  }

  #check = () => this.check();

  // Not at once: most often a task follows, and `ref` and `unref` take longer than it.
  #releaseSoon() {
    if (!this.#releasing) setImmediate(this.#release);
    this.#releasing = true;
  }

  #release = () => {
    this.#releasing = false;
    if (this.#phase !== phases.HELD || this.#tasks.untold > 0 || this.#awaited > 0) return;
    this.#free();
    this.#released();
  };

  #free() {
    this.#unref();
    kept.delete(this.#pool);
    this.#phase = phases.FREE;
  }
}

module.exports = { Liveness };
