'use strict';

// Checks what users pass to the functions about metrics.

const { captureStack } = require('../errors/coded.js');
const { invalidArgType } = require('../errors/pool.js');

/** @typedef {import('../worker-pool.js').WorkerPool} WorkerPool */
/**
 * What a WorkerPool and a QueuePool have in common.
 *
 * @typedef {import('../pool/base.js').Pool<any>} Pool
 */

/**
 * By its interface: there may be several copies of the package.
 *
 * @param {any} value
 * @returns {value is Pool}
 */
const isPool = (value) =>
  typeof value === 'object' &&
  value !== null &&
  typeof value.run === 'function' &&
  typeof value.queueSize === 'number';

/**
 * Whether the pool has threads of its own. Those of a QueuePool are elsewhere.
 *
 * @param {any} pool
 * @returns {pool is WorkerPool}
 */
const hasThreads = (pool) => typeof pool.stats === 'function';

/**
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 * @param {Function} hidden  what the stack leaves out
 */
const wrongType = (name, expected, value, hidden) =>
  captureStack(invalidArgType(name, expected, value), hidden);

module.exports = { hasThreads, isPool, wrongType };
