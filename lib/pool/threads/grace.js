'use strict';

// The time that a task which was aborted has to end by itself, so that its thread stays.

const { clearTimeout, now, setTimeout } = require('../../node/clock.js');

/** @typedef {import('./thread.js').Thread} Thread */

class Grace {
  #scope;
  #over;

  /**
   * @param {number} milliseconds  0 for none
   * @param {(fn: () => unknown) => any} scope  calls in the context of the pool
   * @param {(workerId: number) => void} over  called when the time is over
   */
  constructor(milliseconds, scope, over) {
    this.milliseconds = milliseconds;
    this.#scope = scope;
    this.#over = over;
  }

  /**
   * The task that the thread runs was aborted.
   *
   * @param {Thread} thread
   */
  begin(thread) {
    thread.aborts++;
    this.drop(thread);
    thread.graceEnd = now() + this.milliseconds;
    thread.grace = this.#scope(() => setTimeout(this.#over, this.milliseconds, thread.workerId));
    thread.grace?.unref();
  }

  /**
   * The thread has ended an aborted task, and goes on. Whether it runs no other one.
   *
   * @param {Thread} thread
   */
  end(thread) {
    if (thread.aborts === 0 || --thread.aborts > 0) return false;
    this.drop(thread);
    return true;
  }

  /**
   * The thread runs nothing any more.
   *
   * @param {Thread} thread
   */
  endAll(thread) {
    thread.aborts = 0;
    this.drop(thread);
  }

  /** @param {Thread} thread */
  drop(thread) {
    clearTimeout(thread.grace);
  }
}

module.exports = { Grace };
