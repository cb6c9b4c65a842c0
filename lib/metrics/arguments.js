'use strict';

// Checks what users pass to the functions about metrics.

const { captureStack } = require('../errors/coded.js');
const { invalidArgType } = require('../errors/pool.js');

/** @typedef {import('../worker-pool.js').WorkerPool} WorkerPool */

/**
 * By its interface: there may be several copies of the package.
 *
 * @param {any} value
 * @returns {value is WorkerPool}
 */
const isPool = (value) =>
  typeof value === 'object' && value !== null && typeof value.stats === 'function';

/**
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 * @param {Function} hidden  what the stack leaves out
 */
const wrongType = (name, expected, value, hidden) =>
  captureStack(invalidArgType(name, expected, value), hidden);

module.exports = { isPool, wrongType };
