'use strict';

// Workers of node:worker_threads, which run a JavaScript processor (lib/worker/).

const { MessageChannel, Worker, receiveMessageOnPort } = require('node:worker_threads');
const { Threads } = require('./threads.js');
const { notCloneable, workerExit, workerStart } = require('./errors.js');
const { packageFiles } = require('../package-files.js');

class WorkerThreads extends Threads {
  #url;
  #name;
  #options;
  #number;

  constructor(options, pool) {
    super(options, pool);
    this.#url = options.processor.url;
    this.#name = options.name;
    this.#options = options.worker;
    this.#number = pool.native.number;
  }

  /** Throws what `new Worker()` throws for wrong options. */
  create() {
    const worker = new Worker(packageFiles().files.workerProgram, this.#options);
    const number = this.pool.native.addWorker();
    // What only a port can carry goes through one of our own: the worker's own is its program's.
    const { port1: port, port2 } = new MessageChannel();
    worker.postMessage({
      pool: this.#number, worker: number, port: port2, url: this.#url, name: this.#name,
    }, [port2]);
    const thread = {
      worker: number,
      id: worker.threadId,
      ready: false,
      stopping: false,
      dying: false,
      handle: worker,
      port,
      failed: false,
      error: undefined,
      exitCode: undefined,
    };
    worker.on('message', (value) => this.pool.emit('message', value));
    worker.on('messageerror', (error) => this.pool.emit('error', notCloneable('message', error)));
    worker.on('error', (error) => {
      thread.failed = true;
      thread.error = error;
    });
    worker.on('exit', (exitCode) => {
      thread.exitCode = exitCode;
      this.pool.native.threadGone(number);
    });
    worker.unref(); // after the listeners: one for messages refs it again
    return thread;
  }

  terminate({ handle }, closing = false) {
    if (closing) handle.ref(); // close() is awaited
    handle.terminate();
  }

  gone(worker, task) {
    this.threadOf(worker).port.close();
    super.gone(worker, task);
  }

  /** Where values for the worker go, unless it is being stopped. */
  portOf(worker) {
    const thread = this.threadOf(worker);
    return thread === undefined || thread.stopping ? undefined : thread.port;
  }

  /** The result that the worker sent through its port: it is there before Rust says so. */
  receive(worker) {
    try {
      return { value: receiveMessageOnPort(this.threadOf(worker).port).message.value };
    } catch (error) {
      return { error: notCloneable('result', error) };
    }
  }

  errorOf({ failed, error, exitCode, ready }) {
    return failed ? error : workerExit(exitCode,
      ready ? 'before it replied to the task' : 'before its processor was ready');
  }

  startError(cause) {
    return workerStart(this.#url, cause);
  }

  // That nothing was left to do is not an error.
  endedIdle({ failed, error, exitCode }) {
    if (failed) this.tell('error', error);
    else if (exitCode !== 0) this.tell('error', workerExit(exitCode, 'while it was idle'));
  }
}

module.exports = { WorkerThreads };
