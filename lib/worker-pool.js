'use strict';

// The public class: checks arguments and passes on. The pool itself is lib/pool/ and src/pool/.

const { EventEmitterAsyncResource } = require('node:events');
const { captureStack } = require('./errors/coded.js');
require('./node/clock.js'); // for programs that load nothing else, as in ../index.js

/** @typedef {ReturnType<typeof import('./pool/options.js').poolOptions>} Settings */

// Loaded with the first pool: most programs have none, and it takes longer than all the rest. The
// threads of a pool start before its parts are loaded.
/** @type {typeof import('./pool/start.js')} */
let start;
/** @type {typeof import('./pool/index.js')} */
let parts;

// As in async-local-storage.js, for Node 20.
const dispose = Symbol.dispose ?? Symbol('Symbol.dispose');
const asyncDispose = Symbol.asyncDispose ?? Symbol('Symbol.asyncDispose');

class WorkerPool extends EventEmitterAsyncResource {
  #dispatcher;
  #minThreads;
  #maxThreads;
  #isNative;
  /** @type {Promise<void> | undefined} */
  #closing;
  #interrupted = false;

  /**
   * @param {number} [numThreads]
   * @param {unknown} [processor]
   * @param {unknown} [options]
   */
  constructor(numThreads = defaultThreads(), processor, options) {
    const settings = checked(numThreads, processor, options);
    // Destroyed by close() or, if it is dropped, with the object.
    super({ __proto__: null, name: 'WorkerPool' });
    this.#minThreads = settings.minThreads;
    this.#maxThreads = settings.maxThreads;
    this.#isNative = settings.processor.native !== undefined;
    const source = new start.WorkerSource(settings.worker);
    /** @type {import('./pool/assembly.js').Owner} */
    const owner = {
      emit: (event, ...values) => this.#emit(event, values),
      scope: (fn) => this.asyncResource.runInAsyncScope(fn),
      source,
    };
    try {
      this.#dispatcher = opened(settings, owner);
    } catch (error) {
      source.endStarted();
      this.emitDestroy();
      throw captureStack(error, WorkerPool);
    }
  }

  get numThreads() {
    return this.#dispatcher.numThreads;
  }

  get minThreads() {
    return this.#minThreads;
  }

  get maxThreads() {
    return this.#maxThreads;
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
    const { WorkerPoolTaskInfo } = parts;
    let settings;
    try {
      parts.callable('callback', callback);
      settings = parts.taskOptions(options, this.#isNative);
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
    const { PromisedTask, taskOptions } = parts;
    const promised = new PromisedTask();
    try {
      this.#dispatcher.dispatch(task, promised, taskOptions(options, this.#isNative), run);
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

  histogram() {
    return this.#dispatcher.histogram();
  }

  [dispose]() {
    this.close();
  }

  async [asyncDispose]() {
    await this.drain();
    await this.close();
  }

  /**
   * Most pools have no listener for 'drain', and it is due after every batch of results.
   *
   * @param {string} event
   * @param {unknown[]} values
   */
  #emit(event, values) {
    if (event === 'error') captureStack(values[0]); // one of the pool's own: nobody called for it
    if (event !== 'drain' || this.listenerCount('drain') > 0) this.emit(event, ...values);
  }
}

// What errors leave out of their stacks.
const { close, run, runTask } = WorkerPool.prototype;

/**
 * @param {number} numThreads
 * @param {unknown} processor
 * @param {unknown} options
 */
function checked(numThreads, processor, options) {
  start ??= require('./pool/start.js');
  try {
    return start.poolOptions(numThreads, processor, options);
  } catch (error) {
    throw captureStack(error, WorkerPool);
  }
}

/**
 * @param {Settings} settings
 * @param {import('./pool/assembly.js').Owner} owner
 */
function opened(settings, owner) {
  const isNative = settings.processor.native !== undefined;
  if (!isNative) {
    start.requireFiles();
    owner.scope(() => owner.source.startAhead(settings.minThreads));
  }
  parts ??= require('./pool/index.js');
  if (isNative) parts.NativeThreads.check(settings.processor);
  else parts.requireAddon();
  return new parts.Dispatcher(settings, owner, WorkerPool);
}

// node:os is loaded here and not above: most programs have no pool.
function defaultThreads() {
  return require('node:os').availableParallelism();
}

module.exports = { WorkerPool };
