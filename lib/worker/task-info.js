'use strict';

// What a task knows of its run: the second argument of a function, and what taskInfo() returns to a
// listener. Most functions do not look at it. So it is made of five fields, and the rest when it is
// asked for.

const { threadId } = require('node:worker_threads');
const { AsyncResource } = require('../node/async-hooks.js');

// As they are now: a processor may put something else in their place.
const { AbortController } = globalThis;
const { apply, defineProperty } = Reflect;
const { abort } = AbortController.prototype;
const { throwIfAborted } = AbortSignal.prototype;
const isAborted = /** @type {() => boolean} */ (
  Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get
);

class TaskInfo {
  #runs;
  #number;
  #name;
  #attempt;
  /** @type {{ controller: AbortController, scope: AsyncResource } | undefined} */
  #abort = undefined;

  /**
   * @param {Runs} runs
   * @param {number} number
   * @param {string} name
   * @param {number} attempt
   */
  constructor(runs, number, name, attempt) {
    this.#runs = runs;
    this.#number = number;
    this.#name = name;
    this.#attempt = attempt;
  }

  get id() {
    return `${threadId}-${this.#number}`;
  }

  get name() {
    return this.#name;
  }

  get attempt() {
    return this.#attempt;
  }

  // So that it can be taken out of the object.
  get progress() {
    return (/** @type {unknown} */ value) => this.#runs.tell(this, value);
  }

  get signal() {
    if (this.#abort === undefined) {
      this.#prepare();
      this.#runs.look(this);
    }
    return /** @type {{ controller: AbortController }} */ (this.#abort).controller.signal;
  }

  /**
   * The task was aborted. Listeners run in its contexts, if it has asked for its signal.
   *
   * @param {TaskInfo} info
   * @param {unknown} reason
   */
  static abort(info, reason) {
    const { controller, scope } = info.#abort ?? info.#prepare();
    scope.runInAsyncScope(() => apply(abort, controller, reason === undefined ? [] : [reason]));
  }

  #prepare() {
    const controller = new AbortController();
    const { signal } = controller;
    const look = () => this.#runs.look(this);
    const properties = {
      aborted: {
        get() {
          look();
          return apply(isAborted, signal, []);
        },
      },
      throwIfAborted: {
        value() {
          look();
          apply(throwIfAborted, signal, []);
        },
      },
    };
    for (const [name, property] of Object.entries(properties)) {
      defineProperty(signal, name, { __proto__: null, configurable: true, ...property });
    }
    this.#abort = { controller, scope: new AsyncResource('WorkerPoolTask') };
    return this.#abort;
  }
}

// Of the runs of this thread: they number the tasks.
let count = 0;

/** The runs of the tasks of a lane, one at a time. */
class Runs {
  #tasks;
  /** @type {TaskInfo | undefined} */
  #latest;
  /** @type {() => void}  hears what the pool has said meanwhile */
  #listen;

  /**
   * @param {Pick<import('./task-runner.js').TaskRunner, 'pending' | 'awaited' | 'tell'>} tasks
   * @param {() => void} listen
   */
  constructor(tasks, listen) {
    this.#tasks = tasks;
    this.#listen = listen;
  }

  /**
   * A task begins.
   *
   * @param {string} name  of the export that is called
   * @param {number} [attempt]
   */
  next(name, attempt = 1) {
    this.#latest = new TaskInfo(this, ++count, name, attempt);
    return this.#latest;
  }

  /** A task begins whose function can't see what it knows of its run. */
  nextUnseen() {
    this.#latest = undefined;
    return undefined;
  }

  /** The latest task has ended, for processors of which not each task begins here. */
  end() {
    this.#latest = undefined;
  }

  /**
   * Tells how far the task is. Without meaning once it has ended.
   *
   * @param {TaskInfo} info
   * @param {unknown} value
   */
  tell(info, value) {
    if (this.#runsNow(info)) this.#tasks.tell(value);
  }

  /**
   * The task looks whether it was aborted.
   *
   * @param {TaskInfo} info
   */
  look(info) {
    if (this.#runsNow(info) && !this.#tasks.awaited) this.#listen();
  }

  /**
   * The pool says that the task which runs was aborted. That one may have ended since: then this
   * returns false.
   *
   * @param {unknown} reason
   */
  aborted(reason) {
    if (!this.#tasks.pending || this.#tasks.awaited) return false;
    if (this.#latest !== undefined) TaskInfo.abort(this.#latest, reason);
    return true;
  }

  /** @param {TaskInfo} info */
  #runsNow(info) {
    return info === this.#latest && this.#tasks.pending;
  }
}

module.exports = { Runs };
