'use strict';

// What tells the thread of a pool from others, for all copies of the package in it: a property of
// its parentPort, over which the pool and the thread exchange messages of their own.
const OF_POOL = Symbol.for('async-hooks-rs.pool-thread');

/** @param {object} port  parentPort */
function markPoolThread(port) {
  Object.defineProperty(port, OF_POOL, { __proto__: null, value: true });
}

/** @param {object} port */
const isOfPool = (port) => OF_POOL in port;

module.exports = { markPoolThread, isOfPool };
