'use strict';

// The numbers that JavaScript and Rust agree on; the other half is src/binding/pool/frames.rs,
// src/binding/pool/task_loop.rs and src/pool/task.rs.

/** Bytes before the value in a frame: length, id, flags or status, timeout or worker, … */
const FRAME_HEADER = 20;
/** Bytes before the value in a worker's regions: flags or status, length. */
const STEP_HEADER = 8;
/** Bytes of a region. What does not fit travels as an attachment. */
const REGION = 256 * 1024;

/** The status that Rust leaves in a worker's outbox until there is a result. */
const PENDING = 0xffff_ffff;

/** What became of a task, or of a worker. */
const status = Object.freeze({
  RESULT: 0,
  ERROR: 1,
  BY_PORT: 2,
  CLAIM: 3,
  EXPIRED: 4,
  THREAD_GONE: 5,
  READY: 6,
  FATAL: 7,
  OUTPUT: 8,
  OUT_OF_MEMORY: 9,
});

/** In THREAD_GONE, instead of a task: the worker never took one. Above it: it runs none. */
const NEVER_A_TASK = 0xffff_fffe;

/** Of a task: its value comes through the worker's port, once the worker has claimed it. */
const BY_PORT_FLAG = 1;

module.exports = {
  FRAME_HEADER, STEP_HEADER, REGION, PENDING, status, NEVER_A_TASK, BY_PORT_FLAG,
};
