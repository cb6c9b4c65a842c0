'use strict';

// A processor that is a function, or several: (task) => result, or a promise of it.

const { notCloneable } = require('../errors/pool.js');
const { DEFAULT } = require('./exports.js');

class FunctionProcessor {
  #tasks;
  #exports;
  #run;

  /**
   * @param {import('./task-runner.js').TaskRunner} tasks
   * @param {import('./exports.js').Exports} exported
   * @param {Function | undefined} run  for the tasks that name no export
   */
  constructor(tasks, exported, run) {
    this.#tasks = tasks;
    this.#exports = exported;
    this.#run = run ?? this.#failing(DEFAULT);
  }

  start() {
    this.#tasks.keepAlive();
    const run = this.#run;
    const process = (/** @type {unknown} */ task) => this.#process(run, task);
    this.#tasks.start(process, true, (call) => this.#processCall(call));
  }

  /** @param {import('./task-runner.js').ExportCall} call */
  #processCall([name, spread, value]) {
    const run = this.#exports.get(name) ?? this.#failing(name);
    if (spread) this.#process((/** @type {unknown[]} */ list) => run(...list), value);
    else this.#process(run, value);
  }

  /** @param {string} name */
  #failing(name) {
    return () => {
      throw this.#exports.unknown(name);
    };
  }

  /**
   * @param {Function} run
   * @param {unknown} task
   */
  #process(run, task) {
    let result;
    let asynchronous;
    try {
      result = run(task); // without a `this`
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
