'use strict';

// Checks what users pass to map() and stream(), as options.js does.

const { invalidArgType, outOfRange } = require('../../errors/pool.js');
const { streamOfNative } = require('../../errors/processor.js');
const { FLAG_EXPORT } = require('../../wire/packet.js');
const { integer, limit, object, ownOptions } = require('../options.js');
const { taskOptions } = require('../tasks/options.js');

/** @typedef {ReturnType<typeof mapOptions>} MapOptions */

/** @typedef {ReturnType<typeof streamOptions>} StreamOptions */

const MAX_HIGH_WATER_MARK = 2 ** 20;
const MAP_OPTIONS = [
  'concurrency',
  'ordered',
  'signal',
  'timeout',
  'priority',
  'processor',
  'export',
  'key',
];

/**
 * The options of `map()`, checked and completed.
 *
 * @param {unknown} options
 * @param {boolean} isNative  the processor of the pool is a native one
 * @param {{ maxRunning: number, maxQueue: number }} pool  its limits: more tasks than these allow
 *   are refused
 */
function mapOptions(options, isNative, { maxRunning, maxQueue }) {
  const own = ownOptions(object('options', options), MAP_OPTIONS);
  const { concurrency = maxRunning, ordered = true, key, ...ofTasks } = own;
  const most = /** @type {number} */ (limit('options.concurrency', concurrency));
  if (typeof ordered !== 'boolean') {
    throw invalidArgType('options.ordered', 'of type boolean', ordered);
  }
  if (key !== undefined) {
    throw outOfRange('options.key', 'undefined in map(), whose tasks run at once', key);
  }
  const { signal, ...task } = taskOptions({ __proto__: null, ...ofTasks }, isNative);
  return {
    concurrency: Math.min(most, maxRunning + maxQueue),
    ordered,
    signal, // one listener for all tasks, and for the source
    task: { ...task, signal: undefined },
  };
}

const DEFAULT_HIGH_WATER_MARK = 16;

/**
 * The options of `stream()`, checked and completed: those of its task, but for its number.
 *
 * @param {unknown} options
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function streamOptions(options, isNative) {
  if (isNative) throw streamOfNative();
  const own = ownOptions(object('options', options), ['highWaterMark']);
  const { highWaterMark = DEFAULT_HIGH_WATER_MARK } = own;
  integer('options.highWaterMark', highWaterMark, 1, MAX_HIGH_WATER_MARK);
  const task = taskOptions(options, isNative);
  return { highWaterMark, task: { ...task, flags: task.flags | FLAG_EXPORT } };
}

/**
 * What `map()` takes its tasks from.
 *
 * @param {any} source
 */
function iterable(source) {
  if (source !== undefined && source !== null) {
    if (typeof source[Symbol.asyncIterator] === 'function') return source;
    if (typeof source[Symbol.iterator] === 'function') return source;
  }
  throw invalidArgType('tasks', 'an iterable or an async iterable', source);
}

module.exports = { iterable, mapOptions, streamOptions };
