/// <reference types="node" />

// Types of `async-hooks-rs/worker-pool`, which the package's own index re-exports. The module is
// the class itself, so this is an `export =`; the other names are in the namespace that is merged
// with the class.

import { type Readable } from 'node:stream';
import { type WorkerPoolErrorCode, type WorkerPoolTaskError } from './worker-pool-errors.js';
import {
  move,
  taskInfo,
  type MovedResult,
  type WorkerPoolCalls,
  type WorkerPoolExportName,
  type WorkerPoolExportResult,
  type WorkerPoolExportReturn,
  type WorkerPoolExportTask,
  type WorkerPoolExportValue,
  type WorkerPoolFunction,
  type WorkerPoolSetup,
  type WorkerPoolTaskInfo,
} from './worker-pool-exports.js';
import {
  WorkerPoolEmitter,
  type WorkerPoolEvents,
  type WorkerPoolHistogram,
  type WorkerPoolStats,
  type WorkerPoolTaskMessage,
  type WorkerPoolThreadMessage,
  type WorkerPoolThreadStats,
  type WorkerPoolTimes,
} from './worker-pool-observation.js';
import {
  type AddonProcessor,
  type NativeProcessor,
  type OfOtherFile,
  type WorkerPoolCloseOptions,
  type WorkerPoolMapOptions,
  type WorkerPoolOptions,
  type WorkerPoolRank,
  type WorkerPoolStreamOptions,
  type WorkerPoolSyncOptions,
  type WorkerPoolTaskCallback,
  type WorkerPoolTaskOptions,
  type WorkerPoolTasks,
} from './worker-pool-types.js';

/**
 * Runs tasks on a fixed or growing number of threads.
 *
 * A thread is a `Worker` that runs a JavaScript file, the `processor`. For processors that are
 * compiled into the addon, it is a thread in which no JavaScript runs. One queue feeds all threads.
 * Results and errors come back in the scopes (of AsyncLocalStorage) of the submission.
 *
 * ```js
 * const pool = new WorkerPool(os.availableParallelism());
 *
 * let finished = 0;
 * for (let i = 0; i < 10; i++) {
 *   pool.runTask({ a: 42, b: 100 }, (err, result) => {
 *     console.log(i, err, result); // Prints: 0 null 142, 1 null 142 …
 *     if (++finished === 10)
 *       pool.close();
 *   });
 * }
 * ```
 *
 * `Task` is the type of the processor's argument, `Result` that of its result. Or `Task` is the
 * type of the processor file, which types all of its exports:
 * `new WorkerPool<typeof import('./tasks.js')>(…)`. None of it is checked at run time.
 */
declare class WorkerPool<Task = any, Result = any> extends WorkerPoolEmitter {
  /**
   * @param numThreads The number of threads, from 1 to 1024. Default: `os.availableParallelism()`.
   * @param processor A JavaScript file, as a `file:` URL or as a path, absolute or relative to
   *   `process.cwd()`; a function, which the threads make anew from its text; or a native processor,
   *   of the package or of an addon. Default: `{ native: 'add' }`, which adds `task.a` and `task.b`.
   * @param options Default: `{}`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or {RangeError} `ERR_OUT_OF_RANGE`, if an argument
   *   or an option is not what is described here.
   * @throws {TypeError} `ERR_INVALID_URL_SCHEME` if the URL of the processor is not a `file:` URL.
   * @throws {TypeError} `ERR_WORKER_POOL_FUNCTION` if a thread cannot make the function anew.
   * @throws {TypeError} `ERR_WORKER_POOL_NOT_CLONEABLE` if `workerData` cannot be copied.
   * @throws {RangeError} `ERR_WORKER_POOL_NATIVE_UNKNOWN` if no native processor has that name.
   * @throws {TypeError} `ERR_WORKER_POOL_NATIVE_ADDON` if `processor.addon` has no processors.
   * @throws {Error} `ERR_WORKER_POOL_NATIVE_VERSION` if it was built for another version of the ABI.
   * @throws {Error} `ERR_WORKER_POOL_UNAVAILABLE` if the native addon cannot be loaded, or the
   *   package was bundled and is not installed where the bundle runs.
   */
  constructor(
    numThreads: number | undefined,
    processor: WorkerPoolFunction<Task, Result>,
    options?: Omit<WorkerPoolOptions, 'name'> & { name?: undefined },
  );
  constructor(
    numThreads?: number,
    processor?: string | URL | NativeProcessor | AddonProcessor,
    options?: WorkerPoolOptions,
  );

  /**
   * Submits a task. This call copies `task`; the thread does not see later changes.
   *
   * The callback is called once, after this call has returned, in the scopes of this call: with
   * `null` and the result, or with the error and `null`.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or {RangeError} `ERR_OUT_OF_RANGE`, if an argument
   *   or an option is not what is described here. Everything else is passed to the callback.
   */
  runTask(task: any, options: OfOtherFile, callback: WorkerPoolTaskCallback): void;
  runTask<Name extends WorkerPoolExportName<Task>>(
    task: WorkerPoolExportTask<Task, Name>,
    options: WorkerPoolTaskOptions & { export: Name },
    callback: WorkerPoolTaskCallback<WorkerPoolExportResult<Task, Name>>,
  ): void;
  runTask(
    task: WorkerPoolExportTask<Task, 'default'>,
    callback: WorkerPoolTaskCallback<WorkerPoolExportResult<Task, 'default'>>,
  ): void;
  runTask(
    task: WorkerPoolExportTask<Task, 'default'>,
    options: (WorkerPoolTaskOptions & { export?: undefined }) | undefined,
    callback: WorkerPoolTaskCallback<WorkerPoolExportResult<Task, 'default'>>,
  ): void;
  runTask(task: Task, callback: WorkerPoolTaskCallback<Result>): void;
  runTask(
    task: Task,
    options: WorkerPoolTaskOptions | undefined,
    callback: WorkerPoolTaskCallback<Result>,
  ): void;

  /**
   * Submits a task, as `runTask()` does, and returns a promise for its result. Wrong arguments also
   * reject the promise.
   */
  run(task: any, options: OfOtherFile): Promise<any>;
  run<Name extends WorkerPoolExportName<Task>>(
    task: WorkerPoolExportTask<Task, Name>,
    options: WorkerPoolTaskOptions & { export: Name },
  ): Promise<WorkerPoolExportResult<Task, Name>>;
  run(
    task: WorkerPoolExportTask<Task, 'default'>,
    options?: WorkerPoolTaskOptions & { export?: undefined },
  ): Promise<WorkerPoolExportResult<Task, 'default'>>;
  run(task: Task, options?: WorkerPoolTaskOptions): Promise<Result>;

  /**
   * Runs a task, and blocks this thread until it has ended: for code that cannot wait for a promise.
   * The thread sleeps and is woken by the result. Contexts travel as with `run()`.
   * Meanwhile, other tasks go on, and their callbacks and promises are told when the event loop turns.
   * A task that needs the event loop of this thread never ends, but for its `timeout`.
   *
   * @return The result of the task.
   * @throws What `run()` would be rejected with; {TypeError} `ERR_INVALID_ARG_TYPE` with an option
   *   `signal` or `onProgress`; {Error} `ERR_WORKER_POOL_DEADLOCK` if streams that wait for their
   *   consumers, which this thread blocks, have taken all threads, or that of the task's `key`.
   */
  runSync(task: any, options: OfOtherFile<WorkerPoolSyncOptions>): any;
  runSync<Name extends WorkerPoolExportName<Task>>(
    task: WorkerPoolExportTask<Task, Name>,
    options: WorkerPoolSyncOptions & { export: Name },
  ): WorkerPoolExportResult<Task, Name>;
  runSync(
    task: WorkerPoolExportTask<Task, 'default'>,
    options?: WorkerPoolSyncOptions & { export?: undefined },
  ): WorkerPoolExportResult<Task, 'default'>;
  runSync(task: Task, options?: WorkerPoolSyncOptions): Result;

  /**
   * Runs a task for each value of an iterable, and returns an async iterable over the results, which
   * is iterated once. Nothing happens before its first result is asked for. Then at most
   * `concurrency` values are taken ahead of the results, whose tasks run at once.
   *
   * The iteration fails with the first error of a task, of the pool or of the iterable, after the
   * results of the values before. If it fails, or the consumer stops, the iterable is closed, and
   * the tasks that are left are cancelled as by an abort. The tasks have the contexts of this call.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or {RangeError} `ERR_OUT_OF_RANGE`, if an argument
   *   or an option is not what is described here.
   */
  map(tasks: WorkerPoolTasks<any>, options: OfOtherFile<WorkerPoolMapOptions>): AsyncGenerator<any>;
  map<Name extends WorkerPoolExportName<Task>>(
    tasks: WorkerPoolTasks<WorkerPoolExportTask<Task, Name>>,
    options: WorkerPoolMapOptions & { export: Name },
  ): AsyncGenerator<WorkerPoolExportResult<Task, Name>, void, undefined>;
  map(
    tasks: WorkerPoolTasks<WorkerPoolExportTask<Task, 'default'>>,
    options?: WorkerPoolMapOptions & { export?: undefined },
  ): AsyncGenerator<WorkerPoolExportResult<Task, 'default'>, void, undefined>;
  map(
    tasks: WorkerPoolTasks<Task>,
    options?: WorkerPoolMapOptions,
  ): AsyncGenerator<Result, void, undefined>;

  /**
   * Submits a task, as `run()` does, whose processor is a generator, or returns an iterable, and
   * returns an async iterable over its values, which is iterated once. The generator is pulled at
   * most `highWaterMark` values ahead of the consumer; what it returns is the value of the end.
   *
   * If the consumer stops, the generator is ended by its `return()`, and the consumer waits for
   * that. The iteration fails with the error of the task, after the values that came before; after
   * an abort at once. With `ERR_WORKER_POOL_NO_STREAM` if there is nothing to iterate. Until its
   * end, a stream is a task that runs, also while it waits for its consumer.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or {RangeError} `ERR_OUT_OF_RANGE`, if an option is
   *   not what is described here; {TypeError} `ERR_WORKER_POOL_NO_STREAM` in a pool with a native
   *   processor.
   */
  stream(task: any, options: OfOtherFile<WorkerPoolStreamOptions>): AsyncGenerator<any>;
  stream<Name extends WorkerPoolExportName<Task>>(
    task: WorkerPoolExportTask<Task, Name>,
    options: WorkerPoolStreamOptions & { export: Name },
  ): AsyncGenerator<
    WorkerPoolExportValue<Task, Name>,
    WorkerPoolExportReturn<Task, Name>,
    undefined
  >;
  stream(
    task: WorkerPoolExportTask<Task, 'default'>,
    options?: WorkerPoolStreamOptions & { export?: undefined },
  ): AsyncGenerator<
    WorkerPoolExportValue<Task, 'default'>,
    WorkerPoolExportReturn<Task, 'default'>,
    undefined
  >;
  stream(task: Task, options?: WorkerPoolStreamOptions): AsyncGenerator<Result, any, undefined>;

  /**
   * The exports of the processor file as functions: `pool.call.resize(a, b)` submits a task that
   * calls its export `resize` with the arguments, and returns a promise for the result. Only own
   * properties of the exports count. For the options of a task, use `run()` with `export`. Rejected
   * with `ERR_WORKER_POOL_EXPORT_UNKNOWN` if there is no such function, `ERR_WORKER_POOL_NO_EXPORTS`
   * if the processor listens for messages instead, and `ERR_OUT_OF_RANGE` if it is a native one.
   */
  readonly call: WorkerPoolCalls<Task>;

  /**
   * Stops every thread, even in the middle of a task; only for native tasks does it wait. Every
   * running or waiting task fails with `ERR_WORKER_POOL_CLOSED`, and so does every task that is
   * submitted from now on.
   *
   * With the option `drain`, the pool finishes the tasks that were submitted before, and only then
   * stops its threads. A further call may end it earlier: without `drain` at once, with a shorter
   * `timeout` after that.
   *
   * @param options Default: `{}`. If it is not what is described here, the promise is rejected with
   *   `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE`, and the pool goes on.
   * @return A promise that is fulfilled when all threads have ended. The same one at each call.
   */
  close(options?: WorkerPoolCloseOptions): Promise<void>;

  /** The same as `close()`, under the name that other pools have for it. */
  destroy(options?: WorkerPoolCloseOptions): Promise<void>;

  /**
   * Aborts every task that waits for a thread; those that run go on. So does the pool: to end it as
   * soon as its running tasks are done, call `close({ drain: true })` afterwards.
   *
   * Each task fails as by its signal: with an `AbortError`, `ABORT_ERR`. One that `map()` or
   * `stream()` has submitted fails its iteration. Without `ordered`, a `map()` that fails stops its
   * tasks that run, too.
   *
   * @param reason The `cause` of these errors. Default: none.
   * @return The number of tasks that waited.
   */
  abortWaiting(reason?: unknown): number;

  /**
   * Waits until `minThreads` threads take tasks: they have evaluated the processor, and its `setup`
   * is done.
   *
   * @return A promise that is rejected with `ERR_WORKER_POOL_WORKER_START` if one of them cannot
   *   start, and with `ERR_WORKER_POOL_CLOSED` if the pool is closed before.
   */
  ready(): Promise<void>;

  /** @return A promise that is fulfilled when every task submitted so far is settled. */
  drain(): Promise<void>;

  /**
   * Replaces every thread that there is now. One after the other gets a successor, and ends as soon
   * as that one is ready and the task that it runs has ended. No task fails or waits because of it.
   *
   * @return A promise that is fulfilled when all these threads have ended, and rejected with
   *   `ERR_WORKER_POOL_WORKER_START` if a successor cannot start: then the threads that are left
   *   stay; or with `ERR_WORKER_POOL_CLOSED` if the pool was closed before.
   */
  recycle(): Promise<void>;

  /**
   * Calls the export `broadcast` of the processor with a copy of `value`, once in each thread: in
   * those that there are, between two tasks, while a task waits, or after `setup`; and in each later
   * one after `setup`, before it takes tasks. That gets the value of the last call only.
   *
   * @return A promise that is fulfilled when the export has returned, or its promise is fulfilled, in
   *   every thread that there is at this call and that has not ended since. Rejected after all of
   *   them are done: with `ERR_WORKER_POOL_BROADCAST` if one failed, which goes on with tasks
   *   nevertheless, and with `ERR_WORKER_POOL_EXPORT_UNKNOWN` or `ERR_WORKER_POOL_NO_EXPORTS` if
   *   there is no such export. Rejected with `ERR_WORKER_POOL_NOT_CLONEABLE` if the value cannot be
   *   copied, and with `ERR_WORKER_POOL_CLOSED` if the pool is closed before the end.
   */
  broadcast(value: any): Promise<void>;

  /** Calls `close()` without waiting. For `using`. */
  [Symbol.dispose](): void;

  /** Calls `drain()`, then `close()`, and waits for both. For `await using`. */
  [Symbol.asyncDispose](): Promise<void>;

  /** The number of threads, including those that are starting, without those that are replaced. */
  readonly numThreads: number;

  /** The option `minThreads`, or its default. */
  readonly minThreads: number;

  /** The option `maxThreads`, or its default. */
  readonly maxThreads: number;

  /**
   * With the option `stdout: 'pipe'`: what all threads write to `process.stdout`, in its order. It
   * ends with `close()`. What nobody reads is kept in memory. `null` without the option.
   */
  readonly stdout: Readable | null;

  /** The same for `process.stderr` and the option `stderr`. */
  readonly stderr: Readable | null;

  /** The number of tasks that wait for a thread. */
  readonly queueSize: number;

  /** The number of tasks that are running. */
  readonly running: number;

  /** The number of tasks that have ended with a result, since the pool was created. */
  readonly completed: number;

  /** The number of tasks that have ended with an error, since the pool was created. */
  readonly failed: number;

  /** How long tasks have waited and have run, since the pool was created. */
  histogram(): WorkerPoolHistogram;

  /**
   * What the pool does now, thread by thread, and how much it has done: since it was created, or
   * since an earlier call.
   *
   * @param since What an earlier call of this pool has returned.
   * @throws {RangeError} `ERR_OUT_OF_RANGE` if it is anything else.
   */
  stats(since?: WorkerPoolStats): WorkerPoolStats;
}

declare namespace WorkerPool {
  export {
    WorkerPool,
    WorkerPool as default,
    move,
    taskInfo,
    AddonProcessor,
    MovedResult,
    NativeProcessor,
    WorkerPoolCloseOptions,
    WorkerPoolCalls,
    WorkerPoolErrorCode,
    WorkerPoolEvents,
    WorkerPoolExportName,
    WorkerPoolExportResult,
    WorkerPoolExportReturn,
    WorkerPoolExportTask,
    WorkerPoolExportValue,
    WorkerPoolFunction,
    WorkerPoolHistogram,
    WorkerPoolMapOptions,
    WorkerPoolOptions,
    WorkerPoolRank,
    WorkerPoolSetup,
    WorkerPoolStats,
    WorkerPoolStreamOptions,
    WorkerPoolSyncOptions,
    WorkerPoolTaskCallback,
    WorkerPoolTaskError,
    WorkerPoolTaskInfo,
    WorkerPoolTaskMessage,
    WorkerPoolTaskOptions,
    WorkerPoolTasks,
    WorkerPoolThreadMessage,
    WorkerPoolThreadStats,
    WorkerPoolTimes,
  };
}

export = WorkerPool;
