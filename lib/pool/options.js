'use strict';

// Checks what users pass to a pool: nothing behind this file looks at a wrong argument.

const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { coded, describe } = require('../errors.js');

const MAX_THREADS = 1024;
const MAX_PRIORITY = 100;
const MAX_TIMEOUT = 2 ** 31 - 1; // as for Node's timers
const DEFAULT_IDLE_TIMEOUT = 1000;

// Passed to node:worker_threads as they are; Node checks them when the first worker starts.
const WORKER_OPTIONS = ['argv', 'env', 'execArgv', 'resourceLimits', 'workerData'];

function typeError(name, expected, value, hidden) {
  const kind = name.includes('.') ? 'property' : 'argument';
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE',
    `The "${name}" ${kind} must be ${expected}. Received ${describe(value)}`, hidden);
}

function rangeError(name, expected, value) {
  return coded(RangeError, 'ERR_OUT_OF_RANGE',
    `The value of "${name}" is out of range. It must be ${expected}. Received ${String(value)}`);
}

function integer(name, value, min, max) {
  if (typeof value !== 'number') throw typeError(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw rangeError(name, `an integer >= ${min} and <= ${max}`, value);
  }
  return value;
}

function integerOrInfinity(name, value, max) {
  return value === Infinity ? value : integer(name, value, 0, max);
}

function object(name, value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw typeError(name, 'of type object', value);
  }
  return value;
}

function callable(name, value) {
  if (typeof value !== 'function') throw typeError(name, 'of type function', value);
  return value;
}

/** What runs the tasks: `{ native: name }` or `{ url }`, the file as an href. */
function processor(value) {
  if (value === undefined) return { native: 'add' };
  if (typeof value === 'string') {
    if (value === '') throw rangeError('processor', 'the path of a file', "''");
    return { url: value.startsWith('file:') ?
      fileUrl(value, value) : pathToFileURL(path.resolve(value)).href };
  }
  if (value instanceof URL) return { url: fileUrl(value.href, value) };
  const expected = 'a path, a file: URL or an object { native: string }';
  if (value === null || typeof value !== 'object' || !('native' in value)) {
    throw typeError('processor', expected, value);
  }
  if (typeof value.native !== 'string') {
    throw typeError('processor.native', 'of type string', value.native);
  }
  return { native: value.native };
}

function fileUrl(href, received) {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (url?.protocol !== 'file:') {
    throw coded(TypeError, 'ERR_INVALID_URL_SCHEME',
      `The URL of the processor must be a file: URL. Received ${String(received)}`);
  }
  return url.href;
}

/** The arguments of `new WorkerPool()`, checked and completed. */
function poolOptions(numThreads, processorArgument, options) {
  object('options', options);
  const threads = integer('numThreads', numThreads, 1, MAX_THREADS);
  const { maxThreads = threads, minThreads = Math.min(threads, maxThreads) } = options;
  const max = integer('options.maxThreads', maxThreads, 1, MAX_THREADS);
  const min = integer('options.minThreads', minThreads, 0, max);
  const { idleTimeout = DEFAULT_IDLE_TIMEOUT, maxQueue = Infinity, name } = options;
  if (name !== undefined && typeof name !== 'string') {
    throw typeError('options.name', 'of type string', name);
  }
  if (options.resourceLimits !== undefined) {
    object('options.resourceLimits', options.resourceLimits); // Node takes anything
  }
  const worker = {};
  for (const key of WORKER_OPTIONS) {
    if (options[key] !== undefined) worker[key] = options[key];
  }
  return {
    processor: processor(processorArgument),
    minThreads: min,
    maxThreads: max,
    idleTimeout: integerOrInfinity('options.idleTimeout', idleTimeout, MAX_TIMEOUT),
    maxQueue: integerOrInfinity('options.maxQueue', maxQueue, Number.MAX_SAFE_INTEGER),
    name,
    worker,
  };
}

const NO_OPTIONS = Object.freeze({
  signal: undefined, timeout: 0, priority: 0, transferList: undefined,
});

/** The options of one task, checked and completed. */
function taskOptions(options) {
  if (options === undefined) return NO_OPTIONS;
  object('options', options);
  const { signal, timeout, priority = 0, transferList } = options;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw typeError('options.signal', 'an instance of AbortSignal', signal);
  }
  if (timeout !== undefined) integer('options.timeout', timeout, 1, MAX_TIMEOUT);
  if (priority !== 0) integer('options.priority', priority, -MAX_PRIORITY, MAX_PRIORITY);
  if (transferList !== undefined && !Array.isArray(transferList)) {
    throw typeError('options.transferList', 'an instance of Array', transferList);
  }
  return { signal, timeout: timeout ?? 0, priority, transferList };
}

// By its interface, as Node's own functions do: it may be of another realm or a polyfill.
function isAbortSignal(value) {
  return value !== null && typeof value === 'object' && 'aborted' in value &&
    typeof value.addEventListener === 'function' &&
    typeof value.removeEventListener === 'function';
}

module.exports = { poolOptions, taskOptions, callable };
