'use strict';

// Files that tasks name in place of the pool's. Each is loaded with the first task that names it,
// and stays. Loaded by threads that have such a task.
//
// What a file is when a step fails, it still is for the next task: that goes on from there. A file
// is asked for again if there was none.

const { fileURLToPath } = require('node:url');
const { SafeMap } = require('../node/safe-map.js');
const { notLoaded } = require('../errors/processor.js');
const { BROADCAST } = require('./broadcasts.js');
const { Exports } = require('./exports.js');
const { isPlain, loadProcessor } = require('./load-processor.js');
const { awaited, setUp } = require('./setup.js');

/**
 * @typedef {object} Parts
 * @property {{ url: string, exported: Exports }} own  the pool's file, which a task may name, too
 * @property {import('node:async_hooks').AsyncResource} scope  where no task's contexts are current:
 *   what a file enters or starts when it is loaded is no task's
 * @property {import('./broadcasts.js').Broadcasts} broadcasts
 * @property {() => void} tearsDown  called when there is something to tear down
 */

/** How far a file is. */
const phases = Object.freeze({
  NAMED: 'named', // nothing of it is there
  LOADED: 'loaded', // its exports are there
  SET_UP: 'set up', // its `setup` is done
  READY: 'ready', // it has the last value that is for all threads
});

class OtherProcessor {
  #url;
  #file;
  #parts;
  /** @type {string} */
  #phase = phases.NAMED;
  // From LOADED on.
  #exports = /** @type {Exports} */ (/** @type {any} */ (undefined));
  /** @type {Promise<void> | undefined}  while a task gets it ready */
  #getsReady;

  /**
   * @param {string} url
   * @param {Parts} parts
   */
  constructor(url, parts) {
    this.#url = url;
    this.#file = fileURLToPath(url);
    this.#parts = parts;
  }

  /** Whether nothing of it is there. */
  get isMissing() {
    return this.#phase === phases.NAMED;
  }

  get isReady() {
    return this.#phase === phases.READY;
  }

  /** The functions that it exports; it has to be ready. */
  get exports() {
    return this.#exports;
  }

  /** What ends it, if it was set up. */
  teardown() {
    const isSetUp = this.#phase === phases.SET_UP || this.#phase === phases.READY;
    const teardown = isSetUp ? this.#exports.get('teardown') : undefined;
    return { teardown, file: this.#file };
  }

  /** Tasks that come meanwhile wait for the same. */
  getReady() {
    this.#getsReady ??= this.#advance().finally(() => {
      this.#getsReady = undefined;
    });
    return this.#getsReady;
  }

  async #advance() {
    const { broadcasts, tearsDown } = this.#parts;
    if (this.#phase === phases.NAMED) {
      const loading = loadProcessor(this.#url, this.#file, isPlain(this.#url, this.#file));
      this.#exports = new Exports(await awaited(await loading), this.#file);
      this.#phase = phases.LOADED;
    }
    if (this.#phase === phases.LOADED) {
      const setup = this.#exports.get('setup');
      if (setup !== undefined) await setUp(setup, this.#file);
      this.#phase = phases.SET_UP;
      if (this.#exports.get('teardown') !== undefined) tearsDown();
    }
    const broadcast = this.#exports.get(BROADCAST);
    if (broadcast !== undefined) await broadcasts.join({ file: this.#file, broadcast });
    this.#phase = phases.READY;
  }
}

class OtherProcessors {
  #parts;
  /** @type {Map<string, OtherProcessor>}  by the URL */
  #processors = new SafeMap();

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * The function of this name that the file exports or, until the file is ready, one that waits for
   * that.
   *
   * @param {string} url
   * @param {string} name
   * @returns {Function}
   */
  callable(url, name) {
    const { own } = this.#parts;
    if (url === own.url) return own.exported.callable(name);
    const processor = this.#processors.get(url);
    if (processor?.isReady) return processor.exports.callable(name);
    return async (/** @type {unknown[]} */ ...args) => {
      const exports = await this.#load(url);
      return exports.callable(name)(...args);
    };
  }

  /** What ends the files, those that came last first. */
  teardowns() {
    return [...this.#processors.values()].map((processor) => processor.teardown()).reverse();
  }

  /** @param {string} url */
  async #load(url) {
    try {
      const processor = this.#processors.get(url) ?? this.#add(url);
      await this.#parts.scope.runInAsyncScope(() => this.#getReady(url, processor));
      return processor.exports;
    } catch (error) {
      throw notLoaded(url, error);
    }
  }

  /**
   * Tasks may name any number of files that are not there: those are forgotten.
   *
   * @param {string} url
   * @param {OtherProcessor} processor
   */
  async #getReady(url, processor) {
    try {
      await processor.getReady();
    } catch (error) {
      const isKept = this.#processors.get(url) === processor;
      if (isKept && processor.isMissing) this.#processors.delete(url);
      throw error;
    }
  }

  /** @param {string} url */
  #add(url) {
    const processor = new OtherProcessor(url, this.#parts);
    this.#processors.set(url, processor);
    return processor;
  }
}

module.exports = { OtherProcessors };
