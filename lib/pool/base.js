'use strict';

// What the public classes of pools have in common: they check arguments and pass on. Where the
// tasks run is up to the dispatcher that such a class brings.

const { EventEmitterAsyncResource } = require('node:events');
const { captureStack } = require('../errors/coded.js');

// Loaded with the first pool, and after its dispatcher, whose threads start meanwhile.
/** @type {typeof import('./options.js')} */
let checks;
/** @type {typeof import('./tasks/task.js')} */
let tasks;

// As in async-local-storage.js, for Node 20.
const dispose = Symbol.dispose ?? Symbol('Symbol.dispose');
const asyncDispose = Symbol.asyncDispose ?? Symbol('Symbol.asyncDispose');

/** @typedef {import('./tasks/task.js').Task} Task */

/**
 * @typedef {object} Owner  what a dispatcher knows of its pool
 * @property {(event: string, ...values: unknown[]) => void} emit
 * @property {(fn: () => any) => any} scope  calls in the context of the pool
 * @property {object} pool
 */

/**
 * @template TaskOptions
 * @typedef {object} Dispatcher
 * @property {number} queueSize
 * @property {number} running
 * @property {number} completed
 * @property {number} failed
 * @property {(value: unknown, task: Task, options: TaskOptions, hidden: Function) => void} dispatch
 * @property {() => Promise<void>} drain
 * @property {(hidden: Function) => Promise<unknown>} close
 */

/**
 * @template TaskOptions
 * @typedef {object} Parts
 * @property {(owner: Owner) => Dispatcher<TaskOptions>} open
 * @property {(options: unknown) => TaskOptions} taskOptions  checks and completes those of a task
 * @property {readonly string[]} quiet  events that are not emitted without a listener
 * @property {Function} hidden  the public class: what the stacks of its errors leave out
 */

/** @template TaskOptions */
class Pool extends EventEmitterAsyncResource {
  #dispatcher;
  #taskOptions;
  #quiet;
  /** @type {Promise<void> | undefined} */
  #closing;
  #interrupted = false;

  /**
   * @param {string} name  of the async resource
   * @param {Parts<TaskOptions>} parts
   */
  constructor(name, { open, taskOptions, quiet, hidden }) {
    // Destroyed by close() or, if it is dropped, with the object.
    super({ __proto__: null, name });
    this.#taskOptions = taskOptions;
    this.#quiet = quiet;
    try {
      this.#dispatcher = open({
        emit: (event, ...values) => this.#emit(event, values),
        scope: (fn) => this.asyncResource.runInAsyncScope(fn),
        pool: this,
      });
    } catch (error) {
      this.emitDestroy();
      throw captureStack(error, hidden);
    }
    checks ??= require('./options.js');
    tasks ??= require('./tasks/task.js');
  }

  get queueSize() {
    return this.#dispatcher.queueSize;
  }

  get running() {
    return this.#dispatcher.running;
  }

  get completed() {
    return this.#dispatcher.completed;
  }

  get failed() {
    return this.#dispatcher.failed;
  }

  /**
   * @param {unknown} task
   * @param {unknown} [options]
   * @param {unknown} [callback]
   */
  runTask(task, options, callback) {
    if (typeof options === 'function' && callback === undefined) {
      callback = options;
      options = undefined;
    }
    const { WorkerPoolTaskInfo } = tasks;
    let settings;
    try {
      checks.callable('callback', callback);
      settings = this.#taskOptions(options);
    } catch (error) {
      throw captureStack(error, runTask);
    }
    const info = new WorkerPoolTaskInfo(/** @type {Function} */ (callback));
    try {
      this.#dispatcher.dispatch(task, info, settings, runTask);
    } catch (error) {
      info.discard();
      throw error;
    }
  }

  /**
   * @param {unknown} task
   * @param {unknown} [options]
   */
  run(task, options) {
    const { PromisedTask } = tasks;
    const promised = new PromisedTask();
    if (promised.fail === undefined) return promised.promise;
    try {
      this.#dispatcher.dispatch(task, promised, this.#taskOptions(options), run);
    } catch (error) {
      promised.fail(captureStack(error, run));
    }
    return promised.promise;
  }

  drain() {
    return this.#dispatcher.drain();
  }

  close() {
    if (this.#closing === undefined || this.#interrupted) {
      this.#interrupted = false;
      this.#closing = this.#close();
    }
    return this.#closing;
  }

  // The stack may be used up: then it can be called again.
  async #close() {
    try {
      await this.#dispatcher.close(close);
      this.emitDestroy();
    } catch (error) {
      this.#interrupted = true;
      throw error;
    }
  }

  [dispose]() {
    this.close();
  }

  async [asyncDispose]() {
    await this.drain();
    await this.close();
  }

  /**
   * @param {string} event
   * @param {unknown[]} values
   */
  #emit(event, values) {
    if (event === 'error') captureStack(values[0]); // one of the pool's own: nobody called for it
    if (!this.#quiet.includes(event) || this.listenerCount(event) > 0) this.emit(event, ...values);
  }
}

// What errors leave out of their stacks.
const { close, run, runTask } = Pool.prototype;

module.exports = { Pool };
