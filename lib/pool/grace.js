'use strict';

// The time that a task which was aborted has to end by itself, so that its thread stays.

const { clearTimeout, setTimeout } = require('../node/clock.js');
const { phases } = require('./thread.js');

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
    thread.phase = phases.ABORTED;
    this.drop(thread);
    thread.grace = this.#scope(() => setTimeout(this.#over, this.milliseconds, thread.workerId));
    thread.grace?.unref();
  }

  /**
   * The thread has ended an aborted task. Whether it takes tasks again.
   *
   * @param {Thread} thread
   */
  end(thread) {
    if (thread.phase !== phases.ABORTED || --thread.aborts > 0) return false;
    thread.phase = phases.READY;
    return true;
  }

  /** @param {Thread} thread */
  drop(thread) {
    clearTimeout(thread.grace);
  }
}

module.exports = { Grace };
