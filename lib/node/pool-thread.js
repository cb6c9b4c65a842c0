'use strict';

// What tells the thread of a pool from others, for all copies of the package in it: a property of
// its parentPort, over which the pool and the thread exchange messages of their own. Its value
// tells what a listener of parentPort may know of the task that it was given.
const OF_POOL = Symbol.for('async-hooks-rs.pool-thread');

// What a pool tells a thread beside its tasks, through a port of its own.
const messages = Object.freeze({
  ABORT: 'abort', // the task that the `lane` runs was aborted; `reason` has the bytes of the error
  BROADCAST: 'broadcast', // `value` is for all threads, and answered by its `number`
  GRANT: 'grant', // the stream of this number may give `credits` more values
  STOP: 'stop', // nobody wants more values of the stream of this number
  END: 'end', // it takes no further task, and ends when its task has, and its teardown
  KILL: 'kill', // it ends its process at once, and itself
  MEASURE: 'measure', // how much memory it has; it answers with the number of bytes
});

/**
 * @param {object} port  parentPort
 * @param {() => object | undefined} taskInfo
 */
function markPoolThread(port, taskInfo) {
  Object.defineProperty(port, OF_POOL, { __proto__: null, value: taskInfo });
}

/** @param {object} port */
const isOfPool = (port) => OF_POOL in port;

/** @param {any} port  parentPort, or `null` in the main thread */
const taskInfoOf = (port) => port?.[OF_POOL]?.();

module.exports = { messages, markPoolThread, isOfPool, taskInfoOf };
