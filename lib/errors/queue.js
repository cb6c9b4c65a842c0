'use strict';

// The failures of a queue pool, with their stable codes. The errors have no stack yet: whoever
// passes them on knows whose call they end.

const { describe, withCause, withoutStack } = require('./coded.js');
const pool = require('./pool.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  BULLMQ: 'ERR_QUEUE_POOL_BULLMQ',
  CLOSED: 'ERR_QUEUE_POOL_CLOSED',
  FAILED: 'ERR_QUEUE_POOL_FAILED',
  LOST: 'ERR_QUEUE_POOL_LOST',
  NOT_CLONEABLE: 'ERR_QUEUE_POOL_NOT_CLONEABLE',
  REDIS: 'ERR_QUEUE_POOL_REDIS',
  STALLED: 'ERR_QUEUE_POOL_STALLED',
  TOO_LARGE: 'ERR_QUEUE_POOL_TOO_LARGE',
  UNREADABLE: 'ERR_QUEUE_POOL_UNREADABLE',
  // Node's, and those of the worker pool that a queue pool makes as well.
  ABORTED: pool.codes.ABORTED,
  INVALID_ARG_TYPE: pool.codes.INVALID_ARG_TYPE,
  OUT_OF_RANGE: pool.codes.OUT_OF_RANGE,
  TASK_THREW_NOTHING: pool.codes.TASK_THREW_NOTHING,
});

/** @param {unknown} cause */
const reasonOf = (cause) => (cause instanceof Error ? cause.message : describe(cause));

/**
 * BullMQ is not there.
 *
 * @param {unknown} cause
 */
function noBullmq(cause) {
  return withCause(
    withoutStack(
      Error,
      codes.BULLMQ,
      'QueuePool needs BullMQ, which cannot be loaded: install bullmq 6 and ioredis beside ' +
        `async-hooks-rs (npm install bullmq ioredis): ${reasonOf(cause)}`,
    ),
    cause,
  );
}

/** The pool was closed before the task was done, or before it was submitted. */
function closed() {
  return withoutStack(Error, codes.CLOSED, 'The queue pool is closed');
}

/**
 * BullMQ says that the job has failed, and the error of the task is not there or cannot be read.
 *
 * @param {string} reason
 * @param {unknown} [cause]
 */
function failed(reason, cause) {
  const error = withoutStack(
    Error,
    codes.FAILED,
    `The task failed, and only the reason of its job is known: ${reason}`,
  );
  return cause === undefined ? error : withCause(error, cause);
}

/** @param {string} id  of the job */
function lost(id) {
  return withoutStack(
    Error,
    codes.LOST,
    `The queue has no job ${id} any more, and there is no result: it was removed, or Redis has ` +
      'lost it. The task may have run',
  );
}

/**
 * @param {string} what
 * @param {unknown} cause
 */
function notCloneable(what, cause) {
  return withCause(
    withoutStack(
      TypeError,
      codes.NOT_CLONEABLE,
      `The ${what} cannot be sent to another process: ${reasonOf(cause)}`,
    ),
    cause,
  );
}

/**
 * Redis has not confirmed in time that it has the task.
 *
 * @param {number} milliseconds
 * @param {unknown} cause  the last failure of the connection, if there was one
 */
function redisAway(milliseconds, cause) {
  const reason = cause === undefined ? '' : `: ${reasonOf(cause)}`;
  const error = withoutStack(
    Error,
    codes.REDIS,
    `Redis was expected to confirm the task within ${milliseconds} ms${reason}. ` +
      'If it has the task, the task is taken back',
  );
  return cause === undefined ? error : withCause(error, cause);
}

/**
 * Redis, or BullMQ, does not take the task.
 *
 * @param {unknown} cause
 */
function refused(cause) {
  return withCause(
    withoutStack(Error, codes.REDIS, `Redis has refused the task: ${reasonOf(cause)}`),
    cause,
  );
}

/** Servers have fallen silent over the task too often. */
function stalled() {
  return withoutStack(
    Error,
    codes.STALLED,
    'The servers that ran the task fell silent, more often than they may: it may end their process',
  );
}

/**
 * @param {string} what
 * @param {number} bytes
 */
function tooLarge(what, bytes) {
  return withoutStack(
    RangeError,
    codes.TOO_LARGE,
    `The ${what} is too large for a job in Redis: expected at most ${bytes} bytes`,
  );
}

/**
 * What came out of Redis was not written by this package, or by another version of it.
 *
 * @param {string} what
 * @param {unknown} cause
 */
function unreadable(what, cause) {
  return withCause(
    withoutStack(
      Error,
      codes.UNREADABLE,
      `The ${what} cannot be read: expected it to be written by a version of async-hooks-rs that ` +
        `uses the same format: ${reasonOf(cause)}`,
    ),
    cause,
  );
}

/**
 * An option of WorkerPool that means nothing to a queue.
 *
 * @param {string} name
 * @param {string} why
 */
function notForQueues(name, why) {
  return withoutStack(
    RangeError,
    codes.OUT_OF_RANGE,
    `The value of "${name}" is out of range. It must be undefined in a queue pool: ${why}`,
  );
}

module.exports = {
  codes,
  noBullmq,
  closed,
  failed,
  lost,
  notCloneable,
  redisAway,
  refused,
  stalled,
  tooLarge,
  unreadable,
  notForQueues,
  aborted: pool.aborted,
  invalidArgType: pool.invalidArgType,
  outOfRange: pool.outOfRange,
};
