'use strict';

// How a task is told what became of it, once. That it is told is noted first, without a call in
// between: any call may throw, because the stack is used up.

const { lacksStack } = require('../../errors/coded.js');

/** @typedef {import('./drains.js').Generation} Generation */

class Settlement {
  #tasks;
  #drains;
  #traces;
  #contexts;
  #told;

  /** How many tasks were told a result. */
  completed = 0;
  /** How many tasks were told an error. */
  failed = 0;

  /**
   * @param {object} parts
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {import('./drains.js').Drains} parts.drains
   * @param {import('../tasks/traces.js').Traces | undefined} parts.traces
   * @param {import('../tasks/contexts.js').TaskContexts | undefined} parts.contexts
   * @param {() => void} parts.told  called when a task was told in a microtask
   */
  constructor({ tasks, drains, traces, contexts, told }) {
    this.#tasks = tasks;
    this.#drains = drains;
    this.#traces = traces;
    this.#contexts = contexts;
    this.#told = told;
  }

  /**
   * Tells a task for which `tellResult()` or `tellError()` may have been broken off.
   *
   * @param {import('../tasks/task.js').Task} task
   * @param {boolean} succeeded
   * @param {any} value
   */
  complete(task, succeeded, value) {
    if (task.generation === undefined) this.#drains.fulfil();
    else if (succeeded) this.tellResult(task, value);
    else this.tellError(task, value);
  }

  /**
   * Of a pool to which contexts return, the value is `[result, contexts]`.
   *
   * @param {import('../tasks/task.js').Task} task
   * @param {any} value
   */
  tellResult(task, value) {
    if (this.#contexts?.returns !== true) {
      this.#succeed(task, value);
      return;
    }
    try {
      this.#contexts.merge(task.contexts, value[1]);
    } catch (error) {
      this.tellError(task, error);
      return;
    }
    this.#succeed(task, value[0]);
  }

  /**
   * @param {import('../tasks/task.js').Task} task
   * @param {unknown} value
   */
  #succeed(task, value) {
    const generation = /** @type {Generation} */ (task.generation);
    this.#tasks.untold--;
    this.completed++;
    generation.missing--;
    task.generation = undefined;
    try {
      task.succeed(value);
    } finally {
      this.#drains.fulfil();
    }
  }

  /**
   * Tells what was thrown. An error of the pool itself gets its stack first.
   *
   * @param {import('../tasks/task.js').Task} task
   * @param {unknown} thrown
   */
  tellError(task, thrown) {
    const error = task.errorOf(thrown);
    this.#traces?.apply(task, error);
    if (!lacksStack(error)) {
      this.#tell(task, error);
      return;
    }
    task.locate(error, (located) => {
      this.#tell(task, located);
      this.#told(); // it may be the last one
    });
  }

  /**
   * @param {import('../tasks/task.js').Task} task
   * @param {unknown} error
   */
  #tell(task, error) {
    const generation = /** @type {Generation} */ (task.generation);
    this.#tasks.untold--;
    this.failed++;
    generation.missing--;
    task.generation = undefined;
    try {
      task.fail(error);
    } finally {
      this.#drains.fulfil();
    }
  }
}

module.exports = { Settlement };
