'use strict';

// What a thread of a pool is, and what becomes of it.

const phases = Object.freeze({
  STARTING: 'starting', // it was made
  READY: 'ready', // it takes tasks
  LEAVING: 'leaving', // it takes no further task, and is stopped after what it runs
  STOPPING: 'stopping', // it takes no further task, and is about to end
});

/**
 * @typedef {object} Thread
 * @property {number} workerId  its number in Rust
 * @property {number} id  for events: the threadId of a Worker, the workerId of a Rust thread
 * @property {string} phase
 * @property {number} startedAt
 * @property {number} [stoppedFor]  the id that the task had which was cancelled while it ran here
 * @property {number} aborts  how many tasks were aborted here that have not ended yet, as far as
 *   the thread has told
 * @property {NodeJS.Timeout} [grace]  until then the aborted task may end by itself
 * @property {number} graceEnd  when that is
 */

/** @typedef {InstanceType<typeof import('./control.js').Control>} Control */

/**
 * What a thread is.
 *
 * @template {Thread} T
 * @typedef {object} ThreadKind
 * @property {Iterable<import('node:worker_threads').Worker>} workers  the Workers that run, which
 *   have to be terminated if the pool is dropped
 * @property {boolean} isTerminable  false if a thread ends only after its task. Then another one
 *   takes its place at once
 * @property {() => T} create  makes a thread, which starts. Throws if that is not possible
 * @property {(thread: T, awaited: boolean) => void} terminate  has the thread end; `awaited` if the
 *   process must not end before it
 * @property {(thread: T, reason: unknown) => void} abort  tells the task that the thread runs
 * @property {(thread: T, awaited: boolean) => void} end  as `terminate`, but lets the thread end by
 *   itself, within a limit, if it has something to do before
 * @property {(thread: T) => void} look  finds out whether the thread has ended, without the event
 *   loop
 * @property {(thread: T, words: { error: unknown } | undefined) => void} hearLastWords  what the
 *   thread has said that it ends by
 * @property {(thread: T) => void} release  the thread has ended: gives up what is left of it
 * @property {(thread: T) => unknown} errorOf  why the thread has ended, for the task that it ran
 * @property {(thread: T) => { error: unknown } | undefined} idleError  the same if it ran none;
 *   `undefined` if that is not an error
 * @property {(thread: T) => { error: unknown } | undefined} endError  the same if it was ended
 * @property {(cause: unknown) => import('../../errors/coded.js').CodedError} startError  no thread
 *   can start, because of this
 * @property {(thread: T) => import('node:worker_threads').MessagePort | undefined} portOf  where
 *   values go that only a port can carry
 * @property {(thread: T) => import('node:perf_hooks').EventLoopUtilization | undefined} loopOf
 *   how its event loop has spent its time, if that is known
 * @property {(thread: T) => Control | undefined} controlOf  by which something is said to the
 *   thread beside its tasks
 * @property {(thread: T, number: number) => { value?: unknown, error?: unknown }} receive  the
 *   result that the thread has sent through its port as the message of this number
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
 * @property {(value: unknown) => void} message  a processor has posted it, and not as a reply
 * @property {(error: unknown) => void} messageError  such a message cannot be read
 * @property {(makeError: () => unknown) => void} noThreadCanStart
 */

module.exports = { phases };
