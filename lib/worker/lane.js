'use strict';

// Where a thread runs tasks with functions, one at a time. Most threads have one lane.

const { types } = require('node:util');
const { notCloneable } = require('../errors/pool.js');
const { movedIn } = require('../node/moved.js');
const { faultIn } = require('../node/transfers.js');
const { mayReadSecond } = require('./second-argument.js');
const { Runs } = require('./task-info.js');

// As they are now: a processor may put something else in their place.
const { Promise } = globalThis;
const { apply } = Reflect;
const { resolve } = Promise;
const { then } = Promise.prototype;

/**
 * What a lane needs of a TaskRunner, or of what stands in its place in a process.
 *
 * @typedef {Pick<import('./task-runner.js').TaskRunner,
 *   'pending' | 'awaited' | 'start' | 'keepAlive' | 'reply' | 'fail' | 'tell' | 'give'>} Tasks
 */

/**
 * @typedef {object} Parts
 * @property {Tasks} tasks
 * @property {import('./exports.js').Exports} exported
 * @property {string} name  of the export for the tasks that name none
 * @property {() => import('./other-processors.js').OtherProcessors} others
 * @property {() => void} listen  hears what the pool has said meanwhile
 */

class Lane {
  #tasks;
  #exports;
  #name;
  #run;
  #others;
  #runs;
  /** @type {import('./stream.js').Stream | undefined}  the latest one */
  #stream;
  /** @type {Promise<void> | undefined}  the end of the last task that did not end at once */
  settled;

  /** @param {Parts} parts */
  constructor({ tasks, exported, name, others, listen }) {
    this.#tasks = tasks;
    this.#exports = exported;
    this.#name = name;
    this.#run = exported.callable(name);
    this.#others = others;
    this.#runs = new Runs(tasks, listen);
  }

  /** Takes tasks. */
  start() {
    this.#tasks.keepAlive();
    const run = this.#run;
    const name = this.#name;
    const runs = this.#runs;
    const process = mayReadSecond(run)
      ? (/** @type {unknown} */ task) => this.#process(run, task, runs.next(name))
      : (/** @type {unknown} */ task) => this.#process(run, task, runs.nextUnseen());
    this.#tasks.start(process, true, (call) => this.#processCall(call));
  }

  /**
   * The task that runs was aborted.
   *
   * @param {unknown} reason
   */
  abort(reason) {
    if (this.#runs.aborted(reason)) this.#stream?.stop();
  }

  /**
   * The stream of this number, if it is the latest one here.
   *
   * @param {number} number
   */
  streamOf(number) {
    return this.#stream?.number === number ? this.#stream : undefined;
  }

  /** @param {import('./task-runner.js').ExportCall} call */
  #processCall([given, spread, value, stream, attempt, url]) {
    const name = given ?? this.#name;
    let run = this.#run;
    if (url !== undefined) run = this.#others().callable(url, name);
    else if (given !== undefined) run = this.#exports.callable(given);
    let called = run;
    if (stream !== undefined) called = this.#streaming(run, name, stream);
    else if (spread) called = (/** @type {unknown[]} */ list) => run(...list);
    this.#process(called, value, this.#runs.next(name, attempt));
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
   * @param {Function} run
   * @param {unknown} task
   * @param {unknown} info  what it knows of its run
   */
  #process(run, task, info) {
    let result;
    let promise;
    try {
      result = run(task, info); // without a `this`
      if (isThenable(result)) promise = apply(resolve, Promise, [result]);
    } catch (error) {
      this.#tasks.fail(error);
      return;
    }
    if (promise === undefined) {
      this.#reply(result);
      return;
    }
    // Only the first outcome counts: also of a native promise with a `then` of its own.
    this.settled = apply(then, promise, [
      (/** @type {unknown} */ value) => this.#reply(value),
      (/** @type {unknown} */ error) => this.#tasks.fail(error),
    ]);
  }

  /** @param {unknown} result */
  #reply(result) {
    try {
      this.#tasks.reply(result);
    } catch (error) {
      this.#tasks.fail(failureOf(result, error));
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
 * @param {unknown} error  by which it could not be sent: of a port, or of a getter
 */
function failureOf(result, error) {
  const fault = faultOf(result);
  if (fault === undefined && !isOfPort(error)) return error;
  return types.isGeneratorObject(result)
    ? notCloneable('result', 'it is a generator. Use pool.stream() for its values')
    : notCloneable('result', error, undefined, fault);
}

/**
 * What is wrong with the transfer list of a result. Traps of a Proxy may throw, which does not end
 * the thread.
 *
 * @param {unknown} result
 */
function faultOf(result) {
  try {
    const moved = movedIn(result);
    return moved === undefined ? undefined : faultIn(moved.transferList);
  } catch {
    return undefined;
  }
}

/** @param {any} value */
function isThenable(value) {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof value.then === 'function'
  );
}

module.exports = { Lane };
