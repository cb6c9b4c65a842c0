'use strict';

// Checks what users pass with a task, as the options of a pool are (../options.js).

const { invalidArgType } = require('../../errors/pool.js');
const { exportOfNative, fileOfNative } = require('../../errors/processor.js');
const { FLAG_EXPORT, FLAG_PROGRESS, NO_TIMEOUT, orderOf } = require('../../wire/packet.js');
const { MAX_TIMEOUT, callable, integer, object, ownOptions } = require('../options.js');
const { processorUrl } = require('../processor.js');

const { getPrototypeOf, prototype } = Object;

/**
 * Those of a task. It has a rank in a pool that ranks its tasks (../ranking.js).
 *
 * @typedef {ReturnType<typeof taskOptions> & { rank?: number }} TaskOptions
 */
/**
 * The export that a task is for, and how it is called (wire/packet.js); of the file of this URL, if
 * it is not the pool's.
 *
 * @typedef {{
 *   name: string | undefined,
 *   spread: boolean,
 *   stream?: [number, number],
 *   attempt: number,
 *   url?: string,
 * }} Exported
 */

const MAX_PRIORITY = 100;
const MAX_ATTEMPT = 2 ** 31 - 1;
const FIRST = 1;

const TASK_OPTIONS = [
  'signal',
  'timeout',
  'priority',
  'transferList',
  'onProgress',
  'processor',
  'export',
  'key',
  'attempt',
];
const TASK_DEFAULTS = Object.freeze({
  signal: undefined,
  timeout: NO_TIMEOUT,
  priority: 0,
  key: /** @type {string | undefined} */ (undefined),
  transferList: undefined,
  onProgress: undefined,
  exported: /** @type {Exported | undefined} */ (undefined),
  order: 0, // for the packet
  flags: 0, // for the packet
});

/**
 * What is read of an ordinary object is its own, as long as Object.prototype has no such names. To
 * ask the object for each of them takes three times as long as all the rest here.
 *
 * @param {any} options
 */
function readsOwn(options) {
  return (
    getPrototypeOf(options) === prototype &&
    !(
      'signal' in prototype ||
      'timeout' in prototype ||
      'priority' in prototype ||
      'transferList' in prototype ||
      'onProgress' in prototype ||
      'processor' in prototype ||
      'export' in prototype ||
      'key' in prototype ||
      'attempt' in prototype
    )
  );
}

/**
 * The options of one task, checked and completed.
 *
 * @param {any} options
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function taskOptions(options, isNative) {
  if (options === undefined) return TASK_DEFAULTS;
  object('options', options);
  const own = readsOwn(options) ? options : ownOptions(options, TASK_OPTIONS);
  const { signal, timeout, priority = 0, transferList, onProgress, export: name, key } = own;
  const { attempt = FIRST, processor } = own;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw invalidArgType('options.signal', 'an instance of AbortSignal', signal);
  }
  if (timeout !== undefined) integer('options.timeout', timeout, 1, MAX_TIMEOUT);
  if (priority !== 0) integer('options.priority', priority, -MAX_PRIORITY, MAX_PRIORITY);
  if (transferList !== undefined && !Array.isArray(transferList)) {
    throw invalidArgType('options.transferList', 'an instance of Array', transferList);
  }
  if (onProgress !== undefined) callable('options.onProgress', onProgress);
  if (key !== undefined && typeof key !== 'string') {
    throw invalidArgType('options.key', 'of type string', key);
  }
  const exported = callOf(processor, name, attempt, isNative);
  return {
    signal,
    timeout: timeout ?? NO_TIMEOUT,
    priority,
    key,
    transferList,
    onProgress,
    exported,
    order: orderOf(priority),
    flags:
      (onProgress === undefined ? 0 : FLAG_PROGRESS) | (exported === undefined ? 0 : FLAG_EXPORT),
  };
}

/**
 * How a task is called that is not called like most.
 *
 * @param {unknown} processor
 * @param {unknown} name  of the export
 * @param {any} attempt
 * @param {boolean} isNative
 */
function callOf(processor, name, attempt, isNative) {
  if (attempt !== FIRST) integer('options.attempt', attempt, FIRST, MAX_ATTEMPT);
  if (processor !== undefined) {
    const url = processorUrl(processor);
    if (isNative) throw fileOfNative();
    return { ...exportNamed(name, false, isNative, attempt), url };
  }
  if (name === undefined && (attempt === FIRST || isNative)) return undefined;
  return exportNamed(name, false, isNative, attempt);
}

/**
 * The options of a task that calls an export with a list of arguments.
 *
 * @param {string} name
 * @param {boolean} isNative  the processor of the pool is a native one
 * @returns {TaskOptions}
 */
function callOptions(name, isNative) {
  return { ...TASK_DEFAULTS, exported: exportNamed(name, true, isNative), flags: FLAG_EXPORT };
}

/**
 * @param {unknown} name
 * @param {boolean} spread  the value of the task is the list of the arguments
 * @param {boolean} isNative
 * @param {number} [attempt]
 * @returns {Exported}
 */
function exportNamed(name, spread, isNative, attempt = FIRST) {
  if (name !== undefined && typeof name !== 'string') {
    throw invalidArgType('options.export', 'of type string', name);
  }
  if (isNative) throw exportOfNative();
  return { name, spread, attempt };
}

/**
 * By its interface, as Node's own functions do: it may be of another realm or a polyfill.
 *
 * @param {any} value
 */
function isAbortSignal(value) {
  return (
    value !== null &&
    typeof value === 'object' &&
    'aborted' in value &&
    typeof value.addEventListener === 'function' &&
    typeof value.removeEventListener === 'function'
  );
}

module.exports = { taskOptions, callOptions };
