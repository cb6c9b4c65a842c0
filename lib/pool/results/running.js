'use strict';

// What the threads tell of the tasks that they run, but for how these end.

const { MessagePort } = require('node:worker_threads');
const { notCloneable, taskTimeout } = require('../../errors/pool.js');
const { phases } = require('../threads/thread.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;

/** @typedef {import('../tasks/task.js').PlacedTask} PlacedTask */

class RunningTasks {
  #tasks;
  #threads;
  #kind;
  #parcels;
  #progress;
  #failures;

  /**
   * @param {object} parts
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {import('../threads/index.js').Threads} parts.threads
   * @param {import('../threads/thread.js').ThreadKind<any>} parts.kind
   * @param {import('../tasks/parcels.js').Parcels} parts.parcels
   * @param {import('./progress.js').Progress} parts.progress
   * @param {import('./failures.js').Failures} parts.failures
   */
  constructor({ tasks, threads, kind, parcels, progress, failures }) {
    this.#tasks = tasks;
    this.#threads = threads;
    this.#kind = kind;
    this.#parcels = parcels;
    this.#progress = progress;
    this.#failures = failures;
  }

  /**
   * How far the task is.
   *
   * @param {number} id
   * @param {number} workerId
   * @param {{ value: unknown } | undefined} told
   */
  tellProgress(id, workerId, told) {
    const task = this.#taskOf(id, workerId);
    if (task !== undefined && told !== undefined) this.#progress.tell(task, told.value);
  }

  /**
   * A value of the task, which is a stream of them; `undefined` without memory for it.
   *
   * @param {number} id
   * @param {number} workerId
   * @param {{ value: unknown } | undefined} told
   */
  tellValue(id, workerId, told) {
    this.#streamOf(id, workerId)?.receive(workerId, told);
  }

  /**
   * A value of the task has come, which is told later.
   *
   * @param {number} id
   * @param {number} workerId
   */
  expectValue(id, workerId) {
    this.#streamOf(id, workerId)?.expect(workerId);
  }

  /**
   * Says something to the stream that the thread runs, unless it is being stopped.
   *
   * @param {number} workerId
   * @param {import('../threads/control.js').OfStream} message
   */
  say(workerId, message) {
    const thread = this.#threads.find(workerId);
    if (thread !== undefined) this.#kind.controlOf(thread)?.say(message);
  }

  /**
   * The thread asks for the task's value, which only a port can carry.
   *
   * @param {number} id
   * @param {number} workerId
   */
  post(id, workerId) {
    const task = this.#taskOf(id, workerId);
    const thread = this.#threads.find(workerId);
    if (thread === undefined) return; // the worker is being stopped
    const port = /** @type {MessagePort} */ (this.#kind.portOf(thread, workerId));
    if (task === undefined) {
      apply(postMessage, port, [{ isWithdrawn: true }]); // it has time to end by itself
      return;
    }
    try {
      this.#parcels.post(id, port);
    } catch (error) {
      // a port among the value's was closed meanwhile
      this.#failures.cancel([task], () => notCloneable('task', error));
    }
  }

  /**
   * The task has run for too long. Returns what it fails with.
   *
   * @param {number} id
   * @param {number} workerId
   */
  expire(id, workerId) {
    const makeError = () => taskTimeout(this.#tasks.get(id)?.timeout);
    this.#threads.abort(workerId, id, makeError);
    return makeError();
  }

  /**
   * The thread that runs the task, if there is one, has ended, perhaps together with others. The
   * task is not told: what it fails with is returned.
   *
   * @param {number} id
   * @param {number} workerId
   * @param {{ error: unknown } | undefined} words  what it has said that it ends by
   * @param {boolean} together
   */
  orphan(id, workerId, words, together) {
    const thread = this.#threads.at(workerId);
    if (thread === undefined) return undefined; // heard before, where the stack was used up then
    if (thread.phase !== phases.STOPPING) this.#kind.hearLastWords(thread, words);
    if (this.#tasks.get(id) === undefined) return undefined;
    return this.#kind.errorOf(thread, { words, together });
  }

  /**
   * The same, and the task fails with it.
   *
   * @param {Parameters<RunningTasks['orphan']>} orphan
   */
  failOrphan(...orphan) {
    const error = this.orphan(...orphan);
    const task = this.#tasks.get(orphan[0]);
    if (task !== undefined) this.#failures.fail(task, () => error);
  }

  /**
   * @param {number} id
   * @param {number} workerId
   */
  #streamOf(id, workerId) {
    return /** @type {PlacedTask | undefined} */ (this.#taskOf(id, workerId))?.stream;
  }

  /**
   * Not one that was cancelled meanwhile: another task may have its id.
   *
   * @param {number} id
   * @param {number} workerId
   */
  #taskOf(id, workerId) {
    const task = this.#tasks.get(id);
    if (task === undefined || this.#threads.wasStoppedFor(workerId, id)) return undefined;
    return task;
  }
}

module.exports = { RunningTasks };
