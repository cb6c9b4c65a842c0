'use strict';

// Rust threads, which run a native processor (src/native/), of the package or of another addon.

const { lanesFrom, phases } = require('./thread.js');
const { nativeUnknown, nativeVersion, noProcessors } = require('../../errors/native.js');
const { closed, workerStart } = require('../../errors/pool.js');
const { now } = require('../../node/clock.js');
const { requireAddon } = require('../../package/required-addon.js');

/**
 * @typedef {import('./thread.js').Thread} Thread
 * @typedef {import('./thread.js').ThreadKind<Thread>} Kind
 * @typedef {{ native?: string, addon?: object }} Processor
 */

/** @implements {Kind} */
class NativeThreads {
  #native;
  #processor;
  #addon;

  /** @type {never[]} */
  handles = [];

  /** A Rust thread ends when its task does. */
  isTerminable = false;

  /**
   * @param {import('../../package/addon.js').NativePool} native  the addon's NativePool
   * @param {{ processor: Processor }} settings
   */
  constructor(native, { processor }) {
    this.#native = native;
    this.#processor = processor.native;
    this.#addon = processor.addon;
  }

  /**
   * Throws if there is no processor of this name, or none that fits.
   *
   * @param {Processor} processor
   */
  static check({ native: name, addon }) {
    const known = addon === undefined ? requireAddon().nativeProcessors() : namesOf(addon);
    if (!known.includes(/** @type {string} */ (name))) throw nativeUnknown(name, known);
  }

  create() {
    const name = /** @type {string} */ (this.#processor);
    const workerId = this.#native.startNative(name, this.#addon);
    const { STARTING: phase } = phases;
    return { workerId, id: workerId, phase, startedAt: now(), lanes: lanesFrom(workerId, 1) };
  }

  terminate() {}

  abort() {}

  end() {}

  release() {}

  // It tells by itself that it has ended.
  look() {}

  hearLastWords() {}

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

/**
 * The processors of another addon.
 *
 * @param {object} addon
 */
function namesOf(addon) {
  const processors = requireAddon().addonProcessors(addon);
  if (processors === null) throw noProcessors();
  const { version, expected, names } = processors;
  if (names === undefined) throw nativeVersion(version, expected);
  return names;
}

module.exports = { NativeThreads };
