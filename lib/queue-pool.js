'use strict';

// The public class: checks arguments and passes on. The pool itself is lib/queue/.

const { EventEmitterAsyncResource } = require('node:events');
const { captureStack } = require('./errors/coded.js');
const { PromisedTask, WorkerPoolTaskInfo } = require('./pool/tasks.js');
const { callable } = require('./pool/options.js');
const { QueueDispatcher } = require('./queue/dispatcher.js');
const { queueOptions, queueTaskOptions } = require('./queue/options.js');

// As in async-local-storage.js, for Node 20.
const dispose = Symbol.dispose ?? Symbol('Symbol.dispose');
const asyncDispose = Symbol.asyncDispose ?? Symbol('Symbol.asyncDispose');

class QueuePool extends EventEmitterAsyncResource {
  #name;
  #dispatcher;
  /** @type {Promise<void> | undefined} */
  #closing;

  /**
   * @param {unknown} name
   * @param {unknown} [options]
   */
  constructor(name, options) {
    const settings = checked(name, options);
    super({ __proto__: null, name: 'QueuePool' });
    this.#name = settings.name;
    try {
      this.#dispatcher = new QueueDispatcher(settings, {
        emit: (event, ...values) => this.#emit(event, values),
        scope: (fn) => this.asyncResource.runInAsyncScope(fn),
      });
    } catch (error) {
      this.emitDestroy();
      throw captureStack(error, QueuePool);
    }
  }

  get name() {
    return this.#name;
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
    let settings;
    try {
      callable('callback', callback);
      settings = queueTaskOptions(options);
    } catch (error) {
      throw captureStack(error, runTask);
    }
    const info = new WorkerPoolTaskInfo(/** @type {Function} */ (callback));
    this.#dispatcher.dispatch(task, info, settings, runTask);
  }

  /**
   * @param {unknown} task
   * @param {unknown} [options]
   */
  run(task, options) {
    const promised = new PromisedTask();
    try {
      this.#dispatcher.dispatch(task, promised, queueTaskOptions(options), run);
    } catch (error) {
      promised.fail(captureStack(error, run));
    }
    return promised.promise;
  }

  drain() {
    return this.#dispatcher.drain();
  }

  close() {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close() {
    await this.#dispatcher.close(close);
    this.emitDestroy();
  }

  [dispose]() {
    this.close();
  }

  async [asyncDispose]() {
    await this.drain();
    await this.close();
  }

  /**
   * The connection comes back by itself, so its errors are no reason to end the program: without a
   * listener they are not emitted.
   *
   * @param {string} event
   * @param {unknown[]} values
   */
  #emit(event, values) {
    if (this.listenerCount(event) > 0) this.emit(event, ...values);
  }
}

// What errors leave out of their stacks.
const { close, run, runTask } = QueuePool.prototype;

/**
 * @param {unknown} name
 * @param {unknown} options
 */
function checked(name, options) {
  try {
    return queueOptions(name, options);
  } catch (error) {
    throw captureStack(error, QueuePool);
  }
}

module.exports = { QueuePool };
