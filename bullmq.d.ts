/// <reference types="node" />

// Types of `async-hooks-rs/bullmq`. They name nothing of BullMQ, whose package need not be there to
// compile a program that uses ours.

import { EventEmitterAsyncResource } from 'node:events';
import type { CrossingContext } from './contexts.js';
import type {
  WorkerPoolErrorCode,
  WorkerPoolTaskCallback,
  WorkerPoolTaskMessage,
} from './worker-pool.js';

/**
 * Runs tasks on other machines: it has the interface of `WorkerPool`, and its threads are those of
 * any number of processes of the command `async-hooks-rs work`, which take the tasks from a queue of
 * BullMQ in Redis. Results and errors come back in the scopes in which the task was submitted.
 *
 * ```js
 * const pool = new QueuePool('thumbnails', { connection: 'redis://127.0.0.1:6379' });
 * const thumbnail = await pool.run({ image, width: 200 });
 * await pool.close();
 * ```
 *
 * A task runs **at least once**: if a server falls silent, another one runs its tasks again. So a
 * task should have the same effect when it runs twice. Its promise or callback is settled once.
 *
 * The package `bullmq`, version 6, and a driver for Redis, `ioredis`, must be installed.
 *
 * `Task` is the type of the processor's argument, `Result` that of its result. Neither is checked
 * at run time.
 */
export class QueuePool<Task = any, Result = any> extends EventEmitterAsyncResource {
  /**
   * Connects to Redis. Tasks may be submitted at once, also while Redis is away.
   *
   * @param name The name of the queue, without a colon.
   * @param options Default: `{}`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or {RangeError} `ERR_OUT_OF_RANGE`, if an argument
   *   or an option is not what is described here.
   * @throws {Error} `ERR_QUEUE_POOL_BULLMQ` if BullMQ cannot be loaded.
   */
  constructor(name: string, options?: QueuePoolOptions);

  /**
   * Submits a task. This call copies `task`; the server does not see later changes.
   *
   * The callback is called once, after this call has returned, in the scopes of this call: with
   * `null` and the result, or with the error and `null`.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or {RangeError} `ERR_OUT_OF_RANGE`, if an argument
   *   or an option is not what is described here. Everything else is passed to the callback.
   */
  runTask(task: Task, callback: WorkerPoolTaskCallback<Result>): void;
  runTask(
    task: Task,
    options: QueuePoolTaskOptions | undefined,
    callback: WorkerPoolTaskCallback<Result>,
  ): void;

  /**
   * Submits a task, as `runTask()` does, and returns a promise for its result. Wrong arguments also
   * reject the promise.
   */
  run(task: Task, options?: QueuePoolTaskOptions): Promise<Result>;

  /**
   * Fails every outstanding task with `ERR_QUEUE_POOL_CLOSED`, takes the tasks back (those that wait
   * leave the queue, the threads of those that run are stopped), and ends the connections. If Redis
   * is away, the tasks stay there.
   *
   * @return A promise that is fulfilled when all of that is done, or Redis was waited for in vain.
   *   The same one at each call.
   */
  close(): Promise<void>;

  /** @return A promise that is fulfilled when every task submitted so far is settled. */
  drain(): Promise<void>;

  /** Calls `close()` without waiting. For `using`. */
  [Symbol.dispose](): void;

  /** Calls `drain()`, then `close()`, and waits for both. For `await using`. */
  [Symbol.asyncDispose](): Promise<void>;

  /** The name of the queue. */
  readonly name: string;

  /** The number of tasks of this pool that wait for a server. */
  readonly queueSize: number;

  /** The number of tasks of this pool that a server has taken. */
  readonly running: number;

  /** The number of tasks that have ended with a result, since the pool was created. */
  readonly completed: number;

  /** The number of tasks that have ended with an error, since the pool was created. */
  readonly failed: number;

  // The methods of EventEmitter, with the events of the pool.

  addListener<E extends keyof QueuePoolEvents>(
    eventName: E,
    listener: (...args: QueuePoolEvents[E]) => void,
  ): this;
  addListener(eventName: string | symbol, listener: (...args: any[]) => void): this;

  on<E extends keyof QueuePoolEvents>(
    eventName: E,
    listener: (...args: QueuePoolEvents[E]) => void,
  ): this;
  on(eventName: string | symbol, listener: (...args: any[]) => void): this;

  once<E extends keyof QueuePoolEvents>(
    eventName: E,
    listener: (...args: QueuePoolEvents[E]) => void,
  ): this;
  once(eventName: string | symbol, listener: (...args: any[]) => void): this;

  off<E extends keyof QueuePoolEvents>(
    eventName: E,
    listener: (...args: QueuePoolEvents[E]) => void,
  ): this;
  off(eventName: string | symbol, listener: (...args: any[]) => void): this;
}

/** Options of a pool: own properties, no inherited ones. */
export interface QueuePoolOptions {
  /**
   * Redis: a URL, or the options of a connection, which are passed to BullMQ. Not a client, because
   * the pool needs several connections.
   * @default { host: '127.0.0.1', port: 6379 }
   */
  connection?: string | QueuePoolConnection | undefined;

  /**
   * The contexts that travel with each task: storages of `storageFor()`, and carriers. The servers
   * need the same ones (`--contexts`).
   * @default []
   */
  contexts?: readonly CrossingContext[] | undefined;

  /**
   * The time in milliseconds in which Redis has to confirm that it has a task, from its submission.
   * Else the task fails with `ERR_QUEUE_POOL_REDIS`. A task that was confirmed waits for Redis
   * however long it is away.
   * @default 10000
   */
  submitTimeout?: number | undefined;

  /** BullMQ's options of the jobs. */
  jobs?: QueuePoolJobOptions | undefined;

  /**
   * The first part of the names of all keys in Redis.
   * @default 'bull'
   */
  prefix?: string | undefined;
}

/** BullMQ's options of a connection: those of its driver. */
export interface QueuePoolConnection {
  host?: string;
  port?: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: object;
  [option: string]: unknown;
}

/** BullMQ's options of a job. `jobId` and `priority` are the pool's own. */
export interface QueuePoolJobOptions {
  /**
   * How often a task is tried.
   * @default 1
   */
  attempts?: number;

  /** How long a task waits before it is tried again: at once, if it is not given. */
  backoff?: number | { type: string; delay?: number; jitter?: number };

  /**
   * How long Redis keeps a task that has ended with a result, in seconds.
   * @default { age: 3600 }
   */
  removeOnComplete?: boolean | number | { age?: number; count?: number };

  /**
   * How long Redis keeps a task that has failed, in seconds.
   * @default { age: 3600 }
   */
  removeOnFail?: boolean | number | { age?: number; count?: number };

  [option: string]: unknown;
}

/** Options of one task: own properties, no inherited ones. */
export interface QueuePoolTaskOptions {
  /**
   * Aborting it ends the task, with an `AbortError` whose `cause` is the signal's reason. A waiting
   * task leaves the queue; the thread of a running task is stopped and replaced.
   */
  signal?: AbortSignal | undefined;

  /**
   * The time in milliseconds that the task may run, from its start in a thread. After that it fails
   * with `ERR_WORKER_POOL_TASK_TIMEOUT`, and its thread is stopped and replaced.
   */
  timeout?: number | undefined;

  /**
   * From -100 to 100. Waiting tasks with a higher priority start first, those with the same
   * priority in the order in which Redis got them.
   * @default 0
   */
  priority?: number | undefined;
}

/**
 * The codes of the errors of a queue pool. Those of the server's `WorkerPool` come as they are:
 * {@link WorkerPoolErrorCode}.
 */
export type QueuePoolErrorCode =
  | 'ABORT_ERR'
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_QUEUE_POOL_BULLMQ'
  | 'ERR_QUEUE_POOL_CLOSED'
  | 'ERR_QUEUE_POOL_FAILED'
  | 'ERR_QUEUE_POOL_LOST'
  | 'ERR_QUEUE_POOL_NOT_CLONEABLE'
  | 'ERR_QUEUE_POOL_REDIS'
  | 'ERR_QUEUE_POOL_STALLED'
  | 'ERR_QUEUE_POOL_TOO_LARGE'
  | 'ERR_QUEUE_POOL_UNREADABLE'
  | 'ERR_WORKER_POOL_TASK_THREW_NOTHING';

/**
 * What is published of a task on the channels `async-hooks-rs:pool:submit`, `error` and `end` of
 * `node:diagnostics_channel`, as of a task of a `WorkerPool`. The server's `WorkerPool` publishes its
 * start and its times: `threadId`, `waitTime` and `runTime` are `undefined` here.
 */
export interface QueuePoolTaskMessage extends Omit<WorkerPoolTaskMessage, 'pool' | 'processor'> {
  readonly pool: QueuePool<any, any>;

  /** The name of the queue. */
  readonly processor: string;
}

/** The events of a pool, with the arguments of their listeners. */
export interface QueuePoolEvents {
  /**
   * The connection to Redis has failed, and is tried again. Without a listener nothing happens:
   * unlike other emitters, a pool does not throw it.
   */
  error: [err: Error];

  /** The last outstanding task is settled. */
  drain: [];
}

export type { WorkerPoolErrorCode };
