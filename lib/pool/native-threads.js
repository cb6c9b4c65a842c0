'use strict';

// Rust threads, which run a native processor (src/native/).

const { Threads } = require('./threads.js');
const { closed, nativeUnknown, workerStart } = require('../errors/pool.js');
const { native } = require('../codec/native.js');

class NativeThreads extends Threads {
  #processor;

  constructor(options, pool) {
    super(options, pool);
    this.#processor = options.processor.native;
  }

  /** Throws ERR_WORKER_POOL_NATIVE_UNKNOWN if there is no processor of this name. */
  static check({ native: name }) {
    const known = native().nativeProcessors();
    if (!known.includes(name)) throw nativeUnknown(name, known);
  }

  create() {
    const worker = this.pool.native.startNative(this.#processor);
    return { worker, id: worker, ready: false, stopping: false };
  }

  // A thread cannot be stopped: it ends when its task does. Another one takes its place at once.
  terminate(thread, closing = false) {
    if (!closing) this.refill();
  }

  // Nothing of a native task goes through a port.
  portOf() {}

  // A thread ends only after its task, and never by itself.
  errorOf() {
    return closed();
  }

  startError(cause) {
    return workerStart(`'${this.#processor}'`, cause);
  }

  endedIdle() {}
}

module.exports = { NativeThreads };
