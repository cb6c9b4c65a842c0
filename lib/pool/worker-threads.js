'use strict';

// Workers of node:worker_threads, which run a JavaScript processor (lib/worker/).

const {
  MessageChannel, MessagePort, Worker, receiveMessageOnPort,
} = require('node:worker_threads');
const { SafeSet } = require('./safe-map.js');
const { Threads } = require('./threads.js');
const { weakly } = require('./ownership.js');
const { notCloneable, workerExit, workerStart } = require('../errors/pool.js');
const { packageFiles } = require('../package/files.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { on, postMessage: postToWorker, ref, terminate, unref } = Worker.prototype;
const { close: closePort } = MessagePort.prototype;

class WorkerThreads extends Threads {
  #url;
  #name;
  #options;
  #workers = new SafeSet();

  constructor(options, pool) {
    super(options, pool);
    this.#url = options.processor.url;
    this.#name = options.name;
    this.#options = options.worker;
  }

  /** Throws what `new Worker()` throws for wrong options. */
  create() {
    const worker = new Worker(packageFiles().files.workerProgram, this.#options);
    const number = this.pool.native.addWorker();
    try {
      return this.#connect(worker, number);
    } catch (error) {
      apply(terminate, worker, []);
      this.pool.native.removeWorker(number);
      throw error;
    }
  }

  #connect(worker, number) {
    // What only a port can carry goes through one of our own: the worker's own is its program's.
    const { port1: port, port2 } = new MessageChannel();
    const ticket = this.pool.native.ticket(number);
    const configuration = { ticket, port: port2, url: this.#url, name: this.#name };
    apply(postToWorker, worker, [configuration, [port2]]);
    const thread = {
      worker: number,
      id: worker.threadId,
      ready: false,
      stopping: false,
      handle: worker,
      port,
      failed: false,
      error: undefined,
      exitCode: undefined,
    };
    this.#workers.add(worker);
    this.#listen(worker, thread);
    apply(unref, worker, []); // after the listeners: one for messages refs it again
    return thread;
  }

  get workers() { return this.#workers; }

  // A worker is held by Node as long as it runs, and so are its listeners.
  #listen(worker, thread) {
    for (const [event, listener] of Object.entries(listenersFor(thread))) {
      apply(on, worker, [event, weakly(this, listener)]);
    }
  }

  /** The thread's `'exit'`. */
  ended(thread, exitCode) {
    // Anybody who has the Worker, from process.on('worker'), can emit the event.
    if (thread.exitCode !== undefined || isAlive(thread.handle)) return;
    thread.exitCode = exitCode;
    this.#workers.delete(thread.handle);
    this.pool.native.threadGone(thread.worker);
  }

  terminate({ handle }, closing = false) {
    if (closing) apply(ref, handle, []); // close() is awaited
    apply(terminate, handle, []);
  }

  gone(worker, task, words) {
    apply(closePort, this.threadOf(worker).port, []);
    super.gone(worker, task, words);
  }

  /** Where values for the worker go, unless it is being stopped. */
  portOf(worker) {
    const thread = this.threadOf(worker);
    return thread === undefined || thread.stopping ? undefined : thread.port;
  }

  /** The result that the worker sent through its port: it is there before Rust says so. */
  receive(worker) {
    try {
      const { port } = this.threadOf(worker);
      let received = receiveMessageOnPort(port);
      // Before it may be some whose reply was broken off, because the stack was used up.
      for (let next = received; next !== undefined; next = receiveMessageOnPort(port)) {
        received = next;
      }
      return { value: received.message.value };
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

function listenersFor(thread) {
  return {
    message: ({ pool }, value) => pool.emit('message', value),
    messageerror: ({ pool }, error) => pool.emit('error', notCloneable('message', error)),
    error: (_, error) => {
      thread.failed = true;
      thread.error = error;
    },
    exit: (threads, exitCode) => threads.ended(thread, exitCode),
  };
}

// Node takes the threadId away when the thread has ended; others do not.
const takesThreadId = !('bun' in process.versions || 'deno' in process.versions);
const isAlive = ({ threadId }) => takesThreadId && threadId !== -1;

module.exports = { WorkerThreads };
