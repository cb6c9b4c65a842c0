'use strict';

// How starting threads has gone so far, and whether it makes sense to try again.

const phases = Object.freeze({
  UNTRIED: 'untried', // no thread got ready yet, and none failed to
  WORKING: 'working', // the last that was heard of got ready
  FAILING: 'failing', // the last that was heard of did not get ready, but others did before
  BROKEN: 'broken', // none ever got ready
});

// A thread that ends without ever having taken a task takes none with it, so nothing would ever end
// a series of them. What did work before may have been out of luck.
const MAX_USELESS_THREADS = 3;

class StartRecord {
  /** @type {string} */
  #phase = phases.UNTRIED;
  #useless = 0; // threads in a row

  /** Whether threads are started one at a time, and only if a task waits. */
  get isFailing() {
    return this.#phase === phases.FAILING || this.#phase === phases.BROKEN;
  }

  /** Whether the thread that has ended gets no successor. */
  get isHopeless() {
    return this.#useless >= (this.#hasWorked ? MAX_USELESS_THREADS : 1);
  }

  /** A thread got ready. */
  succeed() {
    this.#phase = phases.WORKING;
  }

  /** A thread cannot be started, or has ended before it was ready. */
  fail() {
    this.#phase = this.#hasWorked ? phases.FAILING : phases.BROKEN;
  }

  /**
   * A thread has ended. It was `useless` if it never took a task and nobody stopped it.
   *
   * @param {boolean} useless
   */
  end(useless) {
    this.#useless = useless ? this.#useless + 1 : 0;
  }

  get #hasWorked() {
    return this.#phase === phases.WORKING || this.#phase === phases.FAILING;
  }
}

module.exports = { StartRecord };
