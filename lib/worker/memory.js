'use strict';

// The memory of this thread, which is looked at after each task, if the pool limits it, and when it
// is asked for.

const { getHeapStatistics } = require('node:v8');

/**
 * As `finish`, but if the thread has more than `limit` bytes, the task is the last that it takes.
 *
 * @param {() => void} finish
 * @param {number} limit
 * @param {{ leave(): void }} native
 */
function watched(finish, limit, native) {
  return () => {
    if (memory() > limit) native.leave();
    finish();
  };
}

/** The bytes of the heap and outside of it that V8 knows of, garbage included. */
function memory() {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

module.exports = { memory, watched };
