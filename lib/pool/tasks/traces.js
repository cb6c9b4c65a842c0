'use strict';

// Where tasks were submitted, for the option `asyncStackTraces`.

const { captureTrace, lacksStack, stackFrom } = require('../../errors/coded.js');

class Traces {
  #traces = new WeakMap();

  /**
   * Captures the stack of the submission, from the call of `hidden` on.
   *
   * @param {import('./task.js').Task} task
   * @param {Function | undefined} hidden  `undefined` if the task's errors have a place already
   */
  capture(task, hidden) {
    if (hidden !== undefined) this.#traces.set(task, captureTrace(hidden));
  }

  /**
   * Gives the error that stack, if it is one of the pool's and has none.
   *
   * @param {import('./task.js').Task} task
   * @param {unknown} error
   */
  apply(task, error) {
    const trace = this.#traces.get(task);
    if (trace !== undefined && lacksStack(error)) {
      stackFrom(/** @type {import('../../errors/coded.js').CodedError} */ (error), trace);
    }
  }
}

module.exports = { Traces };
