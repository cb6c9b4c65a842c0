'use strict';

// A processor that is a function, or several: (task, info) => result, or a promise of it.

const { types } = require('node:util');
const { notCloneable } = require('../errors/pool.js');
const { Broadcasts } = require('./broadcasts.js');
const { Control } = require('./control.js');
const { DEFAULT } = require('./exports.js');
const { tearDown } = require('./setup.js');
const { Runs } = require('./task-info.js');

/**
 * @typedef {object} Parts
 * @property {import('./task-runner.js').TaskRunner} tasks
 * @property {import('./exports.js').Exports} exported
 * @property {Function | undefined} run  for the tasks that name no export
 * @property {string} name  of the export
 * @property {string} file
 * @property {Function | undefined} teardown  called before the thread ends
 * @property {import('node:worker_threads').MessagePort} control
 * @property {{ number: number, value: unknown } | undefined} broadcast  the last one
 * @property {boolean} sparesAborted  an aborted task may end by itself
 */

class FunctionProcessor {
  #tasks;
  #exports;
  #name;
  #run;
  #runs;
  #control;
  #sparesAborted;
  #broadcasts;
  #file;
  #teardown;
  /** @type {Promise<void> | undefined}  the end of the last task that did not end at once */
  #settled;
  /** @type {import('./stream.js').Stream | undefined}  the latest one */
  #stream;

  /** @param {Parts} parts */
  constructor({ tasks, exported, run, name, file, teardown, control, broadcast, sparesAborted }) {
    this.#tasks = tasks;
    this.#exports = exported;
    this.#name = name;
    this.#run = run ?? this.#failing(DEFAULT);
    this.#runs = new Runs(tasks, () => this.#control.take());
    this.#sparesAborted = sparesAborted;
    this.#file = file;
    this.#teardown = teardown;
    this.#control = new Control(control, {
      aborted: (reason) => {
        if (this.#runs.aborted(reason)) this.#stream?.stop();
      },
      granted: (number, credits) => this.#streamOf(number)?.grant(credits),
      stopped: (number) => this.#streamOf(number)?.stop(),
      ended: () => this.#end(),
      broadcast: (message) => this.#broadcasts.hear(message),
    });
    this.#broadcasts = new Broadcasts({ exported, file, control: this.#control });
    if (broadcast !== undefined) this.#broadcasts.hear(broadcast);
  }

  /**
   * Takes tasks, after the values that are for all threads.
   *
   * @returns {Promise<void> | undefined}
   */
  begin() {
    const behind = this.#broadcasts.catchUp();
    if (behind !== undefined) return behind.then(() => this.#start());
    this.#start();
    return undefined;
  }

  #start() {
    const tearsDown = this.#teardown !== undefined;
    if (tearsDown || this.#sparesAborted) this.#control.announce(tearsDown);
    this.#tasks.keepAlive();
    const run = this.#run;
    const name = this.#name;
    const process = (/** @type {unknown} */ task) => this.#process(run, task, name);
    this.#tasks.start(process, true, (call) => this.#processCall(call));
  }

  /** @param {import('./task-runner.js').ExportCall} call */
  #processCall([name, spread, value, stream, attempt]) {
    const run = name === undefined ? this.#run : (this.#exports.get(name) ?? this.#failing(name));
    name ??= this.#name;
    let called = run;
    if (stream !== undefined) called = this.#streaming(run, name, stream);
    else if (spread) called = (/** @type {unknown[]} */ list) => run(...list);
    this.#process(called, value, name, attempt);
  }

  /**
   * What runs a task that is a stream of values.
   *
   * @param {Function} run
   * @param {string} name
   * @param {import('./task-runner.js').StreamTerms} terms
   */
  #streaming(run, name, [number, credits]) {
    const { Stream } = require('./stream.js');
    const stream = new Stream(number, credits, (value) => this.#tasks.give(value));
    this.#stream = stream;
    return (/** @type {unknown} */ task, /** @type {unknown} */ info) =>
      stream.pump(async () => run(task, info), name);
  }

  /**
   * The stream of this number, if it is the latest one.
   *
   * @param {number} number
   */
  #streamOf(number) {
    return this.#stream?.number === number ? this.#stream : undefined;
  }

  /** @param {string} name */
  #failing(name) {
    return () => {
      throw this.#exports.unknown(name);
    };
  }

  /**
   * @param {Function} run
   * @param {unknown} task
   * @param {string} name  of the export
   * @param {number} [attempt]
   */
  #process(run, task, name, attempt) {
    let result;
    let asynchronous;
    try {
      result = run(task, this.#runs.next(name, attempt)); // without a `this`
      asynchronous = isThenable(result);
    } catch (error) {
      this.#tasks.fail(error);
      return;
    }
    if (!asynchronous) {
      this.#reply(result);
      return;
    }
    // Of promises that are not native ones, too, only the first outcome counts.
    this.#settled = Promise.resolve(result).then(
      (value) => this.#reply(value),
      (error) => this.#tasks.fail(error),
    );
  }

  async #end() {
    await this.#settled;
    await this.#broadcasts.settled;
    await tearDown(this.#teardown, this.#file);
  }

  /** @param {unknown} result */
  #reply(result) {
    try {
      this.#tasks.reply(result);
    } catch (error) {
      this.#tasks.fail(isOfPort(error) ? notCloneable('result', reasonOf(result, error)) : error);
    }
  }
}

// Those of Node 20 for transfer lists. Later it is always DataCloneError.
const CODES_OF_PORTS = ['ERR_INVALID_TRANSFER_OBJECT', 'ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST'];

/**
 * Whether a port has refused the value or its transfer list.
 *
 * @param {any} error
 */
const isOfPort = (error) =>
  error?.name === 'DataCloneError' || CODES_OF_PORTS.includes(error?.code);

/**
 * @param {unknown} result
 * @param {unknown} error  by which the port has refused it
 */
const reasonOf = (result, error) =>
  types.isGeneratorObject(result) ? 'it is a generator. Use pool.stream() for its values' : error;

/** @param {any} value */
function isThenable(value) {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof value.then === 'function'
  );
}

module.exports = { FunctionProcessor };
