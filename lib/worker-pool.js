'use strict';

// The public class: checks arguments and passes on. The pool itself is lib/pool/ and src/pool/.

const { EventEmitterAsyncResource } = require('node:events');
require('./pool/clock.js'); // before a test replaces what it keeps
require('./pool/codec/built-ins.js');

// Loaded with the first pool: most programs have none, and it takes longer than all the rest.
let parts;

const NO_OPTIONS = Object.freeze({});

// As in async-local-storage.js, for Node 20.
const dispose = Symbol.dispose ?? Symbol('Symbol.dispose');
const asyncDispose = Symbol.asyncDispose ?? Symbol('Symbol.asyncDispose');

class WorkerPool extends EventEmitterAsyncResource {
  #dispatcher;
  #threads;
  #minThreads;
  #maxThreads;
  #closing;
  #interrupted = false;

  constructor(numThreads = defaultThreads(), processor, options = NO_OPTIONS) {
    parts ??= require('./pool/index.js');
    const { Dispatcher, NativeThreads, WorkerThreads } = parts;
    const settings = parts.poolOptions(numThreads, processor, options);
    const { native } = settings.processor;
    if (native !== undefined) NativeThreads.check(settings.processor);
    super({ name: 'WorkerPool', requireManualDestroy: true });
    this.#minThreads = settings.minThreads;
    this.#maxThreads = settings.maxThreads;
    this.#dispatcher = new Dispatcher(settings, {
      emit: (event, ...values) => this.#emit(event, values),
      scope: (fn) => this.asyncResource.runInAsyncScope(fn),
    });
    const Threads = native === undefined ? WorkerThreads : NativeThreads;
    this.#threads = new Threads(settings, this.#dispatcher);
    this.#dispatcher.start(this.#threads);
  }

  get numThreads() { return this.#threads.count; }

  get minThreads() { return this.#minThreads; }

  get maxThreads() { return this.#maxThreads; }

  get queueSize() { return this.#dispatcher.queueSize; }

  get running() { return this.#dispatcher.running; }

  get completed() { return this.#dispatcher.completed; }

  get failed() { return this.#dispatcher.failed; }

  runTask(task, options, callback) {
    if (typeof options === 'function' && callback === undefined) {
      callback = options;
      options = undefined;
    }
    const { WorkerPoolTaskInfo } = parts;
    parts.callable('callback', callback);
    const settings = parts.taskOptions(options);
    this.#dispatcher.submit(task, new WorkerPoolTaskInfo(callback), settings);
  }

  run(task, options) {
    return new Promise((resolve, reject) => {
      const { PromisedTask, taskOptions } = parts;
      this.#dispatcher.submit(task, new PromisedTask(resolve, reject), taskOptions(options));
    });
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
      await this.#dispatcher.close();
      this.emitDestroy();
    } catch (error) {
      this.#interrupted = true;
      throw error;
    }
  }

  histogram() {
    return this.#dispatcher.native.histogram();
  }

  [dispose]() {
    this.close();
  }

  async [asyncDispose]() {
    await this.drain();
    await this.close();
  }

  // Most pools have no listener for it, and it is due after every batch of results.
  #emit(event, values) {
    if (event !== 'drain' || this.listenerCount('drain') > 0) this.emit(event, ...values);
  }
}

// node:os is loaded here and not above: most programs have no pool.
function defaultThreads() {
  return require('node:os').availableParallelism();
}

module.exports = { WorkerPool };
