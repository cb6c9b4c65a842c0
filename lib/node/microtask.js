'use strict';

// queueMicrotask() without its AsyncResource, for work that no hook of the program should see.

const internals = require('./internals.js');
const { MANY_CALLS, reserveStack } = require('./stack.js');

/** @type {((callback: () => void) => void) | undefined} */
let enqueue;

/**
 * Runs `callback` as a microtask: in no async resource, if Node's internal function is found.
 *
 * @param {() => void} callback
 */
function enqueueMicrotask(callback) {
  enqueue ??= find();
  enqueue(callback);
}

/** @returns {(callback: () => void) => void} */
function find() {
  reserveStack(MANY_CALLS); // else it would not be found
  return internals.read((closure) => closure(queueMicrotask, 'enqueueMicrotask')) ?? queueMicrotask;
}

module.exports = { enqueueMicrotask };
