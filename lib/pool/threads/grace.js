'use strict';

// The time that a task which was aborted has to end by itself, so that its thread stays.

const { clearTimeout, now, setTimeout } = require('../../node/clock.js');
const { phases } = require('./thread.js');

/** @typedef {import('./thread.js').Lane} Lane */
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
   * The task that the lane runs was aborted.
   *
   * @param {Lane} lane
   */
  begin(lane) {
    lane.aborts++;
    clearTimeout(lane.grace);
    lane.graceEnd = now() + this.milliseconds;
    lane.grace = this.#scope(() => setTimeout(this.#over, this.milliseconds, lane.workerId));
    lane.grace?.unref();
  }

  /**
   * The lane has ended an aborted task, and goes on.
   *
   * @param {Lane} lane
   */
  end(lane) {
    if (lane.aborts === 0 || --lane.aborts > 0) return;
    clearTimeout(lane.grace);
    lane.stoppedFor = undefined;
  }

  /**
   * As the timers, for a program whose event loop does not turn.
   *
   * @param {readonly Thread[]} threads
   * @param {number} time
   */
  look(threads, time) {
    for (const { phase, lanes } of threads) {
      for (const { aborts, graceEnd, workerId } of lanes) {
        if (phase !== phases.STOPPING && aborts > 0 && time >= graceEnd) this.#over(workerId);
      }
    }
  }

  /**
   * The lanes run nothing any more.
   *
   * @param {readonly Lane[]} lanes
   */
  endAll(lanes) {
    for (const lane of lanes) {
      lane.aborts = 0;
      clearTimeout(lane.grace);
    }
  }
}

module.exports = { Grace };
