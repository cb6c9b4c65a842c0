'use strict';

// What a thread of a pool is, and what becomes of it.

const phases = Object.freeze({
  STARTING: 'starting', // it was made
  READY: 'ready', // it takes tasks
  LEAVING: 'leaving', // it takes no further task, and is stopped after what it runs
  STOPPING: 'stopping', // it takes no further task, and is about to end
});

/**
 * Where a thread runs one task at a time. Those of a thread have numbers that follow each other.
 *
 * @typedef {object} Lane
 * @property {number} workerId  its number in Rust
 * @property {number} [stoppedFor]  the id that the task had which was cancelled while it ran here
 * @property {number} aborts  how many tasks were aborted here that have not ended yet, as far as
 *   the thread has told
 * @property {NodeJS.Timeout} [grace]  until then the aborted task may end by itself
 * @property {number} graceEnd  when that is
 *
 * @typedef {object} Thread
 * @property {number} workerId  that of its first lane
 * @property {number} id  for events: the threadId of a Worker, the workerId of a Rust thread
 * @property {string} phase
 * @property {number} startedAt
 * @property {readonly Lane[]} lanes
 */

/**
 * @param {number} first  the number of the first one
 * @param {number} count
 */
function lanesFrom(first, count) {
  /** @type {Lane[]} */
  const lanes = [];
  for (let i = 0; i < count; i++) {
    lanes[i] = { workerId: first + i, stoppedFor: undefined, aborts: 0, graceEnd: 0 };
  }
  return lanes;
}

/**
 * Whether a task runs in the thread that was aborted.
 *
 * @param {Thread} thread
 */
const hasAborted = ({ lanes }) => lanes.some(({ aborts }) => aborts > 0);

/** @typedef {InstanceType<typeof import('./control.js').Control>} Control */
/** @typedef {import('node:worker_threads').MessagePort} MessagePort */
/**
 * What is known of the end of a thread, of one task.
 *
 * @typedef {object} OfEnd
 * @property {{ error: unknown } | undefined} words  what the thread has said that it ends by
 * @property {boolean} together  with other tasks, and nobody knows by which of them
 */

/**
 * What a thread is.
 *
 * @template {Thread} T
 * @typedef {object} ThreadKind
 * @property {Iterable<import('../ownership.js').Handle>} handles  of the threads that run, and have
 *   to be ended if the pool is dropped
 * @property {boolean} isTerminable  false if a thread ends only after its task. Then another one
 *   takes its place at once
 * @property {() => T} create  makes a thread, which starts. Throws if that is not possible
 * @property {(thread: T, awaited: boolean) => void} terminate  has the thread end; `awaited` if the
 *   process must not end before it
 * @property {(thread: T, workerId: number, reason: unknown) => void} abort  tells the task that
 *   the lane runs
 * @property {(thread: T, awaited: boolean) => void} end  as `terminate`, but lets the thread end by
 *   itself, within a limit, if it has something to do before
 * @property {(thread: T) => void} look  finds out whether the thread has ended, without the event
 *   loop
 * @property {(thread: T, words: { error: unknown } | undefined) => void} hearLastWords  what the
 *   thread has said that it ends by
 * @property {(thread: T) => void} release  the thread has ended: gives up what is left of it
 * @property {(thread: T, end?: OfEnd) => unknown} errorOf  why the thread has ended, for a task
 *   that it ran
 * @property {(thread: T) => { error: unknown } | undefined} idleError  the same if it ran none;
 *   `undefined` if that is not an error
 * @property {(thread: T) => { error: unknown } | undefined} endError  the same if it was ended
 * @property {(cause: unknown) => import('../../errors/coded.js').CodedError} startError  no thread
 *   can start, because of this
 * @property {(thread: T, workerId: number) => MessagePort | undefined} portOf  where values go to
 *   the lane that only a port can carry
 * @property {(thread: T) => import('node:perf_hooks').EventLoopUtilization | undefined} loopOf
 *   how its event loop has spent its time, if that is known
 * @property {(thread: T) => Control | undefined} controlOf  by which something is said to the
 *   thread beside its tasks
 * @property {(thread: T, workerId: number, number: number) => { value?: unknown,
 *   error?: unknown }} receive  the result that the lane has sent through its port as the message
 *   of this number
 */

/**
 * What a pool is told of its threads.
 *
 * @typedef {object} Reports
 * @property {(id: number) => void} created
 * @property {(id: number) => void} ready
 * @property {(id: number) => void} leaving
 * @property {(id: number) => void} stopping
 * @property {(id: number) => void} destroyed
 * @property {(makeError: () => import('../../errors/coded.js').CodedError) => void} notStarted
 * @property {(error: unknown) => void} error  an error that no task can be told
 * @property {() => Promise<void>} emitted  settles when the events so far were emitted
 * @property {(posted: unknown) => void} message  by a processor, and not as a reply
 * @property {(error: unknown) => void} messageError  such a message cannot be read
 * @property {(makeError: () => unknown) => void} noThreadCanStart
 */

module.exports = { hasAborted, lanesFrom, phases };
