'use strict';

// Who hears how far tasks are, for the option `onProgress`. Other tasks do not pay for it: nothing
// of this is kept with them, and their threads tell nothing.

const { AsyncResource } = require('../../async-resource.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;

/** @typedef {import('../tasks/task.js').Task} Task */

class Progress {
  #listeners = new WeakMap();

  /**
   * Tells `listener` how far the task is, in the scope of the submission, which this is.
   *
   * @param {import('../tasks/task.js').Task} task
   * @param {Function} listener
   */
  listen(task, listener) {
    this.#listeners.set(task, { listener, scope: task.ownScope() });
  }

  /**
   * The task, which is under way, is so far.
   *
   * @param {import('../tasks/task.js').Task} task
   * @param {unknown} value
   */
  tell(task, value) {
    const { listener, scope } = this.#listeners.get(task);
    apply(runInAsyncScope, scope, [listener, undefined, value]);
  }
}

module.exports = { Progress };
