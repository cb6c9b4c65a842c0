'use strict';

// A processor that is a function: (task) => result, or a promise of it.

const { notCloneable } = require('../errors/pool.js');

class FunctionProcessor {
  #tasks;
  #run;

  /**
   * @param {import('./task-runner.js').TaskRunner} tasks
   * @param {Function} run
   */
  constructor(tasks, run) {
    this.#tasks = tasks;
    this.#run = run;
  }

  start() {
    this.#tasks.keepAlive();
    this.#tasks.start((task) => this.#process(task), true);
  }

  /** @param {unknown} task */
  #process(task) {
    let result;
    let asynchronous;
    try {
      result = (0, this.#run)(task); // without a `this`
      asynchronous = isThenable(result);
    } catch (error) {
      this.#tasks.fail(error);
      return;
    }
    if (!asynchronous) {
      this.#reply(result);
      return;
    }
    // Of promises that are not native ones, too, only the first outcome counts.
    Promise.resolve(result).then(
      (value) => this.#reply(value),
      (error) => this.#tasks.fail(error),
    );
  }

  /** @param {unknown} result */
  #reply(result) {
    try {
      this.#tasks.reply(result);
    } catch (error) {
      const isClone = /** @type {any} */ (error)?.name === 'DataCloneError';
      this.#tasks.fail(isClone ? notCloneable('result', error) : error);
    }
  }
}

/** @param {any} value */
function isThenable(value) {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof value.then === 'function'
  );
}

module.exports = { FunctionProcessor };
