/// <reference types="node" />

// Types of what can be observed of a WorkerPool: its events, the messages of its channels, and its
// figures. Types only: worker-pool.d.ts exports them.

import { EventEmitterAsyncResource } from 'node:events';
import WorkerPool = require('./worker-pool.js');

/** The events of a pool, with the arguments of their listeners. */
export interface WorkerPoolEvents {
  /** A failure that belongs to no task. */
  error: [err: Error];

  /**
   * A message of a worker that is not the reply to a task. If a listener of `parentPort` has posted
   * it: the id of the task that it was given last, as of `taskInfo()`.
   */
  message: [value: any, id?: string];

  /** The last outstanding task is settled. */
  drain: [];

  /** The last task for which `maxQueue` left room was submitted: a further one would be refused. */
  queueFull: [];

  /** After `'queueFull'`: no task waits any more. */
  queueDrain: [];

  /** A thread was started: its `threadId`, or the index of a native one. */
  workerCreate: [id: number];

  /** A thread has ended: its `threadId`, or the index of a native one. */
  workerDestroy: [id: number];
}

/**
 * What is published of a task on the channels `async-hooks-rs:pool:submit`, `start`, `error` and
 * `end` of `node:diagnostics_channel`: one object, which is completed as the task goes on.
 */
export interface WorkerPoolTaskMessage {
  /** Counts the tasks of the pool that somebody wanted to hear of. */
  readonly id: number;

  readonly pool: WorkerPool<any, any>;

  /** The processor: its file as a URL, or the name of a native one. */
  readonly processor: string;

  /** The export of the processor that the task is for, if the task or the pool names one. */
  readonly export: string | undefined;

  readonly priority: number;

  /** The thread, as in the event `'workerCreate'`: from `start` on. */
  readonly threadId: number | undefined;

  /** The time from the submission to the start, in milliseconds: from `start` on. */
  readonly waitTime: number | undefined;

  /**
   * The time from the start to the end, in milliseconds: with `end`. `undefined` if no thread ran
   * the task, or if it was aborted while it ran.
   */
  readonly runTime: number | undefined;

  /** The time from the submission until the submitter is told, in milliseconds: with `end`. */
  readonly duration: number | undefined;

  /** What the task is told, if it has failed: with `error`, and with `end` after it. */
  readonly error: unknown;
}

/**
 * What is published of a thread on the channels `async-hooks-rs:pool:thread:start`, `ready`,
 * `leave`, `stop` and `exit` of `node:diagnostics_channel`.
 */
export interface WorkerPoolThreadMessage {
  readonly pool: WorkerPool<any, any>;

  /** The processor: its file as a URL, or the name of a native one. */
  readonly processor: string;

  /** The `threadId` of a Worker, the index of a native thread. */
  readonly threadId: number;
}

/** The return value of {@link WorkerPool.histogram}. */
export interface WorkerPoolHistogram {
  /** From the submission of a task to its start. */
  waitTime: WorkerPoolTimes;

  /** From the start of a task to its end. */
  runTime: WorkerPoolTimes;
}

/** Times in milliseconds, with fractions. All are 0 if no task was counted. */
export interface WorkerPoolTimes {
  count: number;
  min: number;
  max: number;
  mean: number;
  stddev: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
}

/** The return value of {@link WorkerPool.stats}. */
export interface WorkerPoolStats {
  /** The time in milliseconds that `perSecond` is about. */
  duration: number;

  /** The number of tasks, since the pool was created: all that were submitted. */
  submitted: number;

  /** Those that have ended with a result. */
  completed: number;

  /** Those that have ended with an error, refused ones included. */
  failed: number;

  /** The same, per second of `duration`. */
  perSecond: { submitted: number; completed: number; failed: number };

  /** The tasks that wait, by priority, the highest first. */
  queue: { priority: number; waiting: number }[];

  /** The threads, those that are stopping included. */
  threads: WorkerPoolThreadStats[];

  /** The time from submission to start, since the pool was created. */
  waitTime: WorkerPoolTimes;

  /** The time from start to end, since the pool was created. */
  runTime: WorkerPoolTimes;
}

/** A thread in {@link WorkerPoolStats}. */
export interface WorkerPoolThreadStats {
  /** Its `threadId`, or the index of a native one: as in the event `'workerCreate'`. */
  id: number;

  /** `'leaving'`: it takes no task after the one that it runs; `'stopping'`: it is about to end. */
  state: 'starting' | 'idle' | 'busy' | 'leaving' | 'stopping';

  /** The number of tasks that it runs: more than one only with `tasksPerWorker`. */
  running: number;

  /** The number of tasks that have ended in it. */
  tasks: number;

  /** The share of the time, from 0 to 1, in which it had a task, or as many as it may run. */
  busy: number;

  /** The share of the time, from 0 to 1, in which its event loop was active. None of native ones. */
  eventLoopUtilization: number | undefined;

  /**
   * The bytes of its heap, garbage included, and of its memory outside of the heap that V8 knows of,
   * such as that of buffers: as the thread has told it last. If that is older than 100 ms, a call has
   * it tell them for a later one, when its event loop turns. `undefined` before the first time, and of
   * native threads.
   */
  memory: number | undefined;

  /** How long ago that was, in milliseconds. */
  memoryAge: number | undefined;
}

/** The methods of EventEmitter, with the events of the pool. For the types only: no class is between. */
export declare class WorkerPoolEmitter extends EventEmitterAsyncResource {
  addListener<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  addListener(eventName: string | symbol, listener: (...args: any[]) => void): this;

  on<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  on(eventName: string | symbol, listener: (...args: any[]) => void): this;

  once<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  once(eventName: string | symbol, listener: (...args: any[]) => void): this;

  prependListener<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  prependListener(eventName: string | symbol, listener: (...args: any[]) => void): this;

  prependOnceListener<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  prependOnceListener(eventName: string | symbol, listener: (...args: any[]) => void): this;

  off<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  off(eventName: string | symbol, listener: (...args: any[]) => void): this;

  removeListener<E extends keyof WorkerPoolEvents>(
    eventName: E,
    listener: (...args: WorkerPoolEvents[E]) => void,
  ): this;
  removeListener(eventName: string | symbol, listener: (...args: any[]) => void): this;

  emit<E extends keyof WorkerPoolEvents>(eventName: E, ...args: WorkerPoolEvents[E]): boolean;
  emit(eventName: string | symbol, ...args: any[]): boolean;
}
