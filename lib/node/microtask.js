'use strict';

// queueMicrotask() without its AsyncResource: work of ours that no hook of anybody should see.

const internals = require('./internals.js');

let enqueue;

/** Runs `callback` as a microtask, in no async resource where Node's internal function is found. */
function enqueueMicrotask(callback) {
  enqueue ??= internals.read((closure) => closure(queueMicrotask, 'enqueueMicrotask')) ??
    queueMicrotask;
  enqueue(callback);
}

module.exports = { enqueueMicrotask };
