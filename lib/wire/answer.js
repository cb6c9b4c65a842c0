'use strict';

// The numbers that the functions of the addon take and return in place of objects. The other half
// is src/wire/answer.rs.

module.exports = Object.freeze({
  /** `submit()`: all tasks were taken. */
  TAKEN: 1,
  /** `submit()`: one or more of the tasks were not taken. */
  REFUSED: 0,

  /** For `new NativePool()`: of the tasks of one priority, the oldest is taken first. */
  FIFO: 0,
  /** For `new NativePool()`: the newest. */
  LIFO: 1,
  /** For `new NativePool()`: that of the lowest rank. Each task has one (packet.js). */
  RANKED: 2,

  /** For `drain()`: ring when there are more completions. */
  RING: 0,
  /** For `drain()`: the caller looks again by itself. */
  POLL: 1,

  /** `cancel()`: the task was settled before. Any number from 0 on is the worker that ran it. */
  SETTLED: -1,
  /** `cancel()`: the task waited, and has left the queue. */
  LEFT_QUEUE: -2,

  /** `keyHome()`: the key has none. */
  NO_WORKER: -1,

  /** `presence()`: the thread has not come to its program. */
  AWAITED: 0,
  /** `presence()`: the thread is there. */
  ARRIVED: 1,
  /** `presence()`: the thread was there, and ends. */
  GONE: 2,

  /** `shapeId()`: the keys are not worth a number. */
  NO_SHAPE: -1,
});
