'use strict';

// Checks what users pass to a pool. Options are own properties, and are passed on in objects that
// inherit nothing: what a program adds to Object.prototype is no option of anybody's. The errors
// have no stack yet: the public method that was called captures it.

const { invalidArgType, outOfRange } = require('../errors/pool.js');
const { NO_OPTIONS } = require('../node/option.js');
const { FIFO, LIFO, RANKED } = require('../wire/answer.js');
const { processor } = require('./processor.js');
const { runtimeOptions } = require('./runtime.js');

const { hasOwn } = Object;

/** @typedef {ReturnType<typeof closeOptions>} CloseOptions */

const MAX_THREADS = 1024;
const MAX_TIMEOUT = 2 ** 31 - 1; // as for Node's timers
const MIN_NICE = -20; // as for os.setPriority()
const MAX_NICE = 19;
const DEFAULT_IDLE_TIMEOUT = 1000;
const MAX_TASKS_PER_WORKER = 256; // each has 512 KB of address space

const POOL_OPTIONS = [
  'minThreads',
  'maxThreads',
  'idleTimeout',
  'abortGrace',
  'maxQueue',
  'queueOrder',
  'name',
  'asyncStackTraces',
  'contexts',
  'tasksPerWorker',
  'maxTasksPerWorker',
  'maxWorkerMemory',
  'isolate',
  'nice',
  'runtime',
  'stdout',
  'stderr',
];

// Passed to node:worker_threads as they are; Node checks them when the first worker starts.
const WORKER_OPTIONS = [
  'argv',
  'env',
  'execArgv',
  'resourceLimits',
  'trackUnmanagedFds',
  'workerData',
];

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} min
 * @param {number} max
 */
function integer(name, value, min, max) {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(name, `an integer >= ${min} and <= ${max}`, value);
  }
  return value;
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} max
 */
function integerOrInfinity(name, value, max) {
  return value === Infinity ? value : integer(name, value, 0, max);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function object(name, value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw invalidArgType(name, 'of type object', value);
  }
  return value;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function callable(name, value) {
  if (typeof value !== 'function') throw invalidArgType(name, 'of type function', value);
  return value;
}

/**
 * Those of the options that are there, each read once.
 *
 * @param {any} options
 * @param {readonly string[]} names
 */
function ownOptions(options, names) {
  /** @type {Record<string, any>}  the checks come later */
  const own = { __proto__: /** @type {any} */ (null) };
  for (const name of names) if (hasOwn(options, name)) own[name] = options[name];
  return own;
}

/**
 * The arguments of `new WorkerPool()`, checked and completed.
 *
 * @param {unknown} numThreads
 * @param {unknown} processorArgument
 * @param {any} [options]
 */
function poolOptions(numThreads, processorArgument, options = NO_OPTIONS) {
  const own = ownOptions(object('options', options), POOL_OPTIONS);
  const threads = integer('numThreads', numThreads, 1, MAX_THREADS);
  const { maxThreads = threads, minThreads = Math.min(threads, maxThreads) } = own;
  const max = integer('options.maxThreads', maxThreads, 1, MAX_THREADS);
  const min = integer('options.minThreads', minThreads, 0, max);
  const {
    idleTimeout = DEFAULT_IDLE_TIMEOUT,
    abortGrace = 0,
    maxQueue = Infinity,
    name,
    asyncStackTraces = false,
    contexts,
    nice = 0,
  } = own;
  if (name !== undefined && typeof name !== 'string') {
    throw invalidArgType('options.name', 'of type string', name);
  }
  if (typeof asyncStackTraces !== 'boolean') {
    throw invalidArgType('options.asyncStackTraces', 'of type boolean', asyncStackTraces);
  }
  const checked = processor(processorArgument);
  if (checked.source !== undefined && name !== undefined) {
    throw outOfRange('options.name', 'undefined in a pool whose processor is a function', name);
  }
  const isNative = checked.native !== undefined;
  const grace = integer('options.abortGrace', abortGrace, 0, MAX_TIMEOUT);
  return {
    processor: checked,
    minThreads: min,
    maxThreads: max,
    idleTimeout: integerOrInfinity('options.idleTimeout', idleTimeout, MAX_TIMEOUT),
    abortGrace: isNative ? 0 : grace, // a native thread ends only with its task
    maxQueue: integerOrInfinity('options.maxQueue', maxQueue, Number.MAX_SAFE_INTEGER),
    name,
    asyncStackTraces,
    contexts: crossing(contexts, isNative),
    stdout: outputPlace('options.stdout', own.stdout),
    stderr: outputPlace('options.stderr', own.stderr),
    nice: integer('options.nice', nice, MIN_NICE, MAX_NICE),
    ...orderOptions(own.queueOrder),
    ...concurrencyOptions(own, max, isNative),
    ...recyclingOptions(own, isNative),
    ...runtimeOptions(own.runtime, workerOptions(options), isNative),
  };
}

/** @typedef {(task: unknown, options: object) => unknown} Rank */

/**
 * Which of the tasks of one priority is taken first, and the function that ranks them.
 *
 * @param {unknown} queueOrder
 */
function orderOptions(queueOrder = 'fifo') {
  const name = 'options.queueOrder';
  const rank = /** @type {Rank | undefined} */ (undefined);
  switch (queueOrder) {
    case 'fifo':
      return { queueOrder: FIFO, rank };
    case 'lifo':
      return { queueOrder: LIFO, rank };
  }
  if (typeof queueOrder === 'function') {
    return { queueOrder: RANKED, rank: /** @type {Rank} */ (queueOrder) };
  }
  if (typeof queueOrder !== 'string') {
    throw invalidArgType(name, 'of type string or function', queueOrder);
  }
  throw outOfRange(name, "'fifo', 'lifo' or a function", queueOrder);
}

/**
 * How many tasks run at once: in a thread, and at all.
 *
 * @param {Record<string, any>} own
 * @param {number} maxThreads
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function concurrencyOptions({ tasksPerWorker = 1, isolate }, maxThreads, isNative) {
  const name = 'options.tasksPerWorker';
  const tasks = integer(name, tasksPerWorker, 1, MAX_TASKS_PER_WORKER);
  if (tasks > 1) {
    if (isNative) throw outOfRange(name, '1 in a pool with a native processor', tasks);
    if (isolate === true) throw outOfRange(name, '1 in a pool that isolates tasks', tasks);
  }
  return { tasksPerWorker: tasks, maxRunning: maxThreads * tasks };
}

/**
 * @param {Record<string, any>} own
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function recyclingOptions(own, isNative) {
  const { isolate = false, maxWorkerMemory = Infinity } = own;
  if (typeof isolate !== 'boolean') {
    throw invalidArgType('options.isolate', 'of type boolean', isolate);
  }
  const { maxTasksPerWorker = isolate ? 1 : Infinity } = own;
  const name = 'options.maxTasksPerWorker';
  const tasks = limit(name, maxTasksPerWorker);
  if (isolate && tasks !== 1) throw outOfRange(name, '1 in a pool that isolates tasks', tasks);
  const memory = limit('options.maxWorkerMemory', maxWorkerMemory);
  if (isNative && memory !== Infinity) {
    throw outOfRange(
      'options.maxWorkerMemory',
      'Infinity in a pool with a native processor',
      memory,
    );
  }
  return { maxTasksPerWorker: tasks, maxWorkerMemory: memory };
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function limit(name, value) {
  return value === Infinity ? value : integer(name, value, 1, Number.MAX_SAFE_INTEGER);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function outputPlace(name, value = 'inherit') {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  if (value !== 'inherit' && value !== 'pipe') throw outOfRange(name, "'inherit' or 'pipe'", value);
  return value;
}

/**
 * @param {unknown} list
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function crossing(list, isNative) {
  if (list === undefined) return undefined;
  // Loaded by pools that have some.
  const { checkContexts } = require('../contexts/index.js');
  const contexts = checkContexts('options.contexts', list);
  const returning = contexts.findIndex(({ returns }) => returns);
  if (isNative && returning >= 0) {
    const name = `options.contexts[${returning}].returns`;
    throw outOfRange(name, 'false in a pool with a native processor', true);
  }
  return contexts.length === 0 ? undefined : contexts;
}

/** @param {any} options */
function workerOptions(options) {
  const worker = ownOptions(options, WORKER_OPTIONS);
  const { resourceLimits } = worker;
  if (resourceLimits !== undefined) {
    object('options.resourceLimits', resourceLimits); // Node takes anything
    worker.resourceLimits = { __proto__: null, ...resourceLimits };
  }
  return worker;
}

const CLOSE_OPTIONS = ['drain', 'timeout'];

/**
 * The options of `close()`, checked and completed.
 *
 * @param {unknown} options
 */
function closeOptions(options) {
  const own = ownOptions(object('options', options), CLOSE_OPTIONS);
  const { drain = false, timeout = Infinity } = own;
  if (typeof drain !== 'boolean') throw invalidArgType('options.drain', 'of type boolean', drain);
  if (timeout !== Infinity) {
    integer('options.timeout', timeout, 1, MAX_TIMEOUT);
    if (!drain) throw outOfRange('options.timeout', 'undefined without "options.drain"', timeout);
  }
  return { drain, timeout: /** @type {number} */ (timeout) };
}

module.exports = {
  MAX_TASKS_PER_WORKER,
  MAX_THREADS,
  MAX_TIMEOUT,
  poolOptions,
  closeOptions,
  callable,
  integer,
  limit,
  object,
  ownOptions,
};
