'use strict';

// queueMicrotask() without its AsyncResource, for work that no hook of the program should see.

const internals = require('./internals.js');

let enqueue;

/**
 * Runs `callback` as a microtask: in no async resource, if Node's internal function is found.
 *
 * @param {() => void} callback
 */
function enqueueMicrotask(callback) {
  enqueue ??=
    internals.read((closure) => closure(queueMicrotask, 'enqueueMicrotask')) ?? queueMicrotask;
  enqueue(callback);
}

module.exports = { enqueueMicrotask };
