'use strict';

// The public class: checks the arguments of the constructor, and reads what only such a pool has.
// The pool itself is lib/pool/ and src/pool/.

const { captureStack } = require('./errors/coded.js');
const { invalidArgType, movedInside } = require('./errors/pool.js');
const { Moved, movedIn } = require('./node/moved.js');
const { NO_OPTIONS } = require('./node/option.js');
const { taskInfoOf } = require('./node/pool-thread.js');
const { MANY_CALLS, reserveStack } = require('./node/stack.js');
const { Pool } = require('./pool/base.js');
require('./node/clock.js'); // for programs that load nothing else, as in ../index.js

/** @typedef {ReturnType<typeof import('./pool/options.js').poolOptions>} Settings */
/** @typedef {InstanceType<typeof import('./pool/dispatcher.js').Dispatcher>} Dispatcher */
/** @typedef {import('./pool/tasks/options.js').TaskOptions} TaskOptions */

// Loaded with the first pool: most programs have none, and it takes longer than all the rest. The
// threads of a pool start before its parts are loaded.
/** @type {typeof import('./pool/start.js')} */
let start;
/** @type {typeof import('./pool/index.js')} */
let parts;
/** @type {typeof import('./pool/sync/options.js')}  from the first `runSync()` on */
let sync;

// It is due after every batch of results, and most pools have no listener for it.
const QUIET = Object.freeze(['drain']);

/** @extends {Pool<TaskOptions>} */
class WorkerPool extends Pool {
  #dispatcher;
  #minThreads;
  #maxThreads;
  #limits;
  #isNative;
  /** @type {ReturnType<typeof parts.callsOf> | undefined} */
  #call;

  /**
   * @param {number} [numThreads]
   * @param {unknown} [processor]
   * @param {unknown} [options]
   */
  constructor(numThreads = defaultThreads(), processor, options) {
    const settings = checked(numThreads, processor, options);
    const isNative = settings.processor.native !== undefined;
    // super() assigns it.
    let dispatcher = /** @type {Dispatcher} */ (/** @type {any} */ (undefined));
    super('WorkerPool', {
      open(owner) {
        dispatcher = opened(settings, owner, isNative);
        return dispatcher;
      },
      taskOptions: (given) => start.taskOptions(given, isNative),
      quiet: QUIET,
      hidden: WorkerPool,
    });
    this.#dispatcher = dispatcher;
    this.#minThreads = settings.minThreads;
    this.#maxThreads = settings.maxThreads;
    this.#limits = settings; // of the tasks
    this.#isNative = isNative;
  }

  /**
   * Has a result moved to the thread of the pool, if a function returns what this returns.
   *
   * @param {unknown} value
   * @param {unknown} [transferList]
   */
  static move(value, transferList = ownMemory(value)) {
    if (!Array.isArray(transferList)) {
      const error = invalidArgType('transferList', 'an instance of Array', transferList);
      throw captureStack(error, move);
    }
    if (movedIn(value) !== undefined) throw captureStack(movedInside(), move);
    return new Moved({ value, transferList: transferList.slice() }, () => {
      throw movedInside();
    });
  }

  /** What a listener of parentPort knows of the task that its thread was given last. */
  static taskInfo() {
    return taskInfoOf(require('node:worker_threads').parentPort);
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

  get stdout() {
    return this.#dispatcher.output.stdout;
  }

  get stderr() {
    return this.#dispatcher.output.stderr;
  }

  get call() {
    this.#call ??= parts.callsOf(this.#dispatcher, this.#isNative);
    return this.#call;
  }

  /**
   * @param {unknown} task
   * @param {unknown} [options]
   */
  runSync(task, options) {
    sync ??= require('./pool/sync/options.js');
    try {
      return this.#dispatcher.runSync(task, sync.syncOptions(options, this.#isNative));
    } catch (error) {
      throw captureStack(error, runSync);
    }
  }

  /**
   * @param {unknown} tasks
   * @param {unknown} [options]
   */
  map(tasks, options = NO_OPTIONS) {
    const { Mapping, iterable, mapOptions } = iterations();
    try {
      const settings = mapOptions(options, this.#isNative, this.#limits);
      return new Mapping(this.#dispatcher, iterable(tasks), settings, map).results;
    } catch (error) {
      throw captureStack(error, map);
    }
  }

  /**
   * @param {unknown} task
   * @param {unknown} [options]
   */
  stream(task, options = NO_OPTIONS) {
    const { Stream, streamOptions } = iterations();
    try {
      const settings = streamOptions(options, this.#isNative);
      return new Stream(this.#dispatcher, task, settings, stream).values;
    } catch (error) {
      throw captureStack(error, stream);
    }
  }

  histogram() {
    return this.#dispatcher.histogram();
  }

  /** @param {unknown} [since] */
  stats(since) {
    try {
      return this.#dispatcher.stats(since);
    } catch (error) {
      throw captureStack(error, stats);
    }
  }

  /** @param {unknown} [reason] */
  abortWaiting(reason) {
    return this.#dispatcher.abortWaiting(reason, abortWaiting);
  }

  ready() {
    return this.#dispatcher.ready(ready);
  }

  close(options = NO_OPTIONS) {
    return this.#end(options, close);
  }

  destroy(options = NO_OPTIONS) {
    return this.#end(options, destroy);
  }

  /**
   * @param {unknown} options
   * @param {Function} hidden
   */
  #end(options, hidden) {
    try {
      this.#dispatcher.end(start.closeOptions(options), hidden);
    } catch (error) {
      return Promise.reject(captureStack(error, hidden));
    }
    return super.close();
  }

  recycle() {
    return this.#dispatcher.recycle(recycle);
  }

  /** @param {unknown} value */
  broadcast(value) {
    return this.#dispatcher.broadcast(value, broadcast);
  }
}

// What errors leave out of their stacks.
const { move } = WorkerPool;
const { abortWaiting, broadcast, close, destroy, map, ready, recycle, runSync, stats, stream } =
  WorkerPool.prototype;

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
 * @param {import('./pool/base.js').Owner} owner
 * @param {boolean} isNative
 */
function opened(settings, owner, isNative) {
  reserveStack(MANY_CALLS);
  const source = new start.WorkerSource(settings.worker);
  try {
    if (!isNative) {
      start.requireFiles();
      owner.scope(() => source.startAhead(settings.minThreads));
    }
    parts ??= require('./pool/index.js');
    if (isNative) parts.NativeThreads.check(settings.processor);
    else parts.requireAddon();
    const Dispatcher = settings.rank === undefined ? parts.Dispatcher : parts.ranking();
    return new Dispatcher(settings, { ...owner, source }, WorkerPool);
  } catch (error) {
    source.endStarted();
    throw error;
  }
}

/** @param {unknown} value */
const ownMemory = (value) => [ArrayBuffer.isView(value) ? value.buffer : value];

// Loaded with the first iteration: most pools have none.
const iterations = () => require('./pool/iteration/index.js');

// node:os is loaded here and not above: most programs have no pool.
function defaultThreads() {
  return require('node:os').availableParallelism();
}

module.exports = { WorkerPool };
