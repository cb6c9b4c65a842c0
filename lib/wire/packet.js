'use strict';

// Packets: how tasks and completions lie in the regions of the thread that owns the pool. The other
// half, with a drawing of them, is src/wire/packet.rs.
//
// All of this runs for every task. So a value is written first, behind the room for its header, and
// a completion is read where it lies, field by field: nothing is allocated.

/** The length of the packet, header included. */
const LENGTH = 0;
/** The task, or what stands in its place. */
const ID = 4;
/** Of a task: a set of flags, and above them the number of its context. */
const FLAGS = 8;
/** Of a task: how long it may run, in milliseconds. */
const TIMEOUT = 12;
/** Of a task: its priority, a signed number of 8 bits, and above them the number of its key. */
const ORDER = 16;
/** Of a completion: what happened (status.js). */
const STATUS = 8;
/** Of a completion: to which worker. */
const WORKER_ID = 12;
/** Of a completion: how many attachments it has. */
const ATTACHMENTS = 16;
/** Bytes before the value, in packets of both kinds. */
const HEADER = 20;
/** Of a task, in a pool that ranks its tasks: its rank, as a float of 64 bits. */
const RANK = 20;
/** Bytes before the value of a task that has a rank. */
const RANKED_HEADER = 28;
/**
 * In a completion STARTED or TIMES: how long the task has waited, in milliseconds, as a float of 64
 * bits.
 */
const WAIT_TIME = 20;
/** In a completion TIMES: how long the task has run, likewise. */
const RUN_TIME = 28;

/** Bytes of a region: of that for tasks, and of both regions of a worker. */
const REGION = 256 * 1024;
/** Bytes of the region for completions. A result that fits into a worker's region fits here. */
const INBOX = REGION + HEADER;

/** A flag: the value comes through the worker's port, once the worker has claimed it. */
const FLAG_BY_PORT = 1;
/** A flag: the submitter wants to hear how far the task is. */
const FLAG_PROGRESS = 2;
/**
 * A flag: the value is `[name, spread, value]`, for the export of that name. With `spread`, the
 * value is the list of its arguments, else the one argument. For a stream there is a fourth
 * element, `[number, credits]`: its number, and how many values it may give at first. A fifth one
 * says which attempt this is, if it is not the first, and a sixth one is the URL of the file whose
 * export it is, if that is not the pool's. It may be for the function that takes the other tasks:
 * then there is no name.
 */
const FLAG_EXPORT = 4;
/** A flag: the submitter wants to hear when the task starts. */
const FLAG_START = 32;
/** A flag: the submitter wants to hear how long the task has waited and run. */
const FLAG_TIMES = 64;

/** Of the flags: from this bit on, the number of the context. */
const CONTEXT_SHIFT = 8;
/** The number of a context: the task has none. */
const NO_CONTEXT = 0;
/** The number of a context: the largest one. */
const LAST_CONTEXT = 0x00ff_ffff;

/** Of the order: from this bit on, the number of the key. */
const KEY_SHIFT = 8;
/** The number of a key: the task has none. */
const NO_KEY = 0;
/** The number of a key: the largest one. */
const LAST_KEY = 0x00ff_ffff;

/** A timeout: there is none. */
const NO_TIMEOUT = 0;

/** An id: the worker was not running a task. */
const NO_TASK = 0xffff_ffff;
/** An id: the worker has never taken a task. */
const NEVER_A_TASK = 0xffff_fffe;
/** An id: the worker's thread was running several tasks. */
const SEVERAL_TASKS = 0xffff_fffd;
/** An id, with the status OUTPUT: the standard output. */
const STDOUT = 1;
/** An id, with the status OUTPUT: the standard error. */
const STDERR = 2;

/**
 * Writes the header of a task whose packet lies from `at` to `end`.
 *
 * @param {{ view: DataView }} region
 * @param {number} at
 * @param {number} end
 * @param {number} id
 * @param {number} flags
 * @param {{ timeout: number, order: number }} options
 */
function writeTask({ view }, at, end, id, flags, { timeout, order }) {
  view.setUint32(at + LENGTH, end - at, true);
  view.setUint32(at + ID, id, true);
  view.setUint32(at + FLAGS, flags, true);
  view.setUint32(at + TIMEOUT, timeout, true);
  view.setUint32(at + ORDER, order, true);
}

/**
 * The same with the rank of the task.
 *
 * @param {{ view: DataView }} region
 * @param {number} at
 * @param {number} end
 * @param {number} id
 * @param {number} flags
 * @param {{ timeout: number, order: number, rank?: number }} options
 */
function writeRankedTask(region, at, end, id, flags, options) {
  writeTask(region, at, end, id, flags, options);
  region.view.setFloat64(at + RANK, /** @type {number} */ (options.rank), true);
}

/**
 * When a task may run, without a key.
 *
 * @param {number} priority
 */
const orderOf = (priority) => priority & 0xff;

/**
 * Where the packet at `at` ends. Throws if it is broken, or does not end before `limit`.
 *
 * @param {{ view: DataView }} region
 * @param {number} at
 * @param {number} limit
 */
function readEnd({ view }, at, limit) {
  const end = at + view.getUint32(at + LENGTH, true);
  if (end < at + HEADER || end > limit) throw new RangeError('The packet is broken');
  return end;
}

/**
 * @param {{ view: DataView }} region
 * @param {number} at
 */
const readId = ({ view }, at) => view.getUint32(at + ID, true);
/**
 * @param {{ view: DataView }} region
 * @param {number} at
 */
const readStatus = ({ view }, at) => view.getUint32(at + STATUS, true);
/**
 * @param {{ view: DataView }} region
 * @param {number} at
 */
const readWorkerId = ({ view }, at) => view.getUint32(at + WORKER_ID, true);
/**
 * @param {{ view: DataView }} region
 * @param {number} at
 */
const readAttachments = ({ view }, at) => view.getUint32(at + ATTACHMENTS, true);
/**
 * The times that end at `end` and no later than RUN_TIME says.
 *
 * @param {{ view: DataView }} region
 * @param {number} at
 * @param {number} end
 */
const readTimes = ({ view }, at, end) => ({
  waitTime: view.getFloat64(at + WAIT_TIME, true),
  runTime: end > at + RUN_TIME ? view.getFloat64(at + RUN_TIME, true) : undefined,
});

module.exports = Object.freeze({
  LENGTH,
  ID,
  FLAGS,
  TIMEOUT,
  ORDER,
  STATUS,
  WORKER_ID,
  ATTACHMENTS,
  HEADER,
  RANK,
  RANKED_HEADER,
  WAIT_TIME,
  RUN_TIME,
  REGION,
  INBOX,
  FLAG_BY_PORT,
  FLAG_PROGRESS,
  FLAG_EXPORT,
  FLAG_START,
  FLAG_TIMES,
  CONTEXT_SHIFT,
  NO_CONTEXT,
  LAST_CONTEXT,
  KEY_SHIFT,
  NO_KEY,
  LAST_KEY,
  NO_TIMEOUT,
  NO_TASK,
  NEVER_A_TASK,
  SEVERAL_TASKS,
  STDOUT,
  STDERR,
  writeTask,
  writeRankedTask,
  orderOf,
  readEnd,
  readId,
  readStatus,
  readWorkerId,
  readAttachments,
  readTimes,
});
