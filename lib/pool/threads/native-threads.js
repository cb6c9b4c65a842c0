'use strict';

// Rust threads, which run a native processor (src/native/).

const { phases } = require('./thread.js');
const { closed, nativeUnknown, workerStart } = require('../../errors/pool.js');
const { now } = require('../../node/clock.js');
const { requireAddon } = require('../../package/required-addon.js');

/**
 * @typedef {import('./thread.js').Thread} Thread
 * @typedef {import('./thread.js').ThreadKind<Thread>} Kind
 */

/** @implements {Kind} */
class NativeThreads {
  #native;
  #processor;

  /** @type {never[]} */
  workers = [];

  /** A Rust thread ends when its task does. */
  isTerminable = false;

  /**
   * @param {import('../../package/addon.js').NativePool} native  the addon's NativePool
   * @param {{ processor: { native?: string } }} settings
   */
  constructor(native, { processor }) {
    this.#native = native;
    this.#processor = processor.native;
  }

  /**
   * Throws ERR_WORKER_POOL_NATIVE_UNKNOWN if there is no processor of this name.
   *
   * @param {{ native?: string }} processor
   */
  static check({ native: name }) {
    const known = requireAddon().nativeProcessors();
    if (!known.includes(/** @type {string} */ (name))) throw nativeUnknown(name, known);
  }

  create() {
    const workerId = this.#native.startNative(/** @type {string} */ (this.#processor));
    return { workerId, id: workerId, phase: phases.STARTING, startedAt: now(), aborts: 0 };
  }

  terminate() {}

  abort() {}

  end() {}

  release() {}

  // A thread ends only after its task, and never by itself.
  errorOf() {
    return closed();
  }

  idleError() {
    return undefined;
  }

  endError() {
    return undefined;
  }

  /** @param {unknown} cause */
  startError(cause) {
    return workerStart(`'${this.#processor}'`, cause);
  }

  loopOf() {
    return undefined;
  }

  // Nothing of a native task goes through a port.
  controlOf() {
    return undefined;
  }

  portOf() {
    return undefined;
  }

  receive() {
    return { error: closed() };
  }
}

module.exports = { NativeThreads };
