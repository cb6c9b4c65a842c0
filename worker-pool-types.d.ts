/// <reference types="node" />

// Types of what a WorkerPool takes and returns. Types only: worker-pool.d.ts exports them.

import { type ResourceLimits, type Transferable, type WorkerOptions } from 'node:worker_threads';
import { type CrossingContext } from './contexts.js';
import { type WorkerPoolTaskError } from './worker-pool-errors.js';
import WorkerPool = require('./worker-pool.js');

/** A processor that is compiled into the package. No JavaScript runs on its threads. */
export interface NativeProcessor {
  /**
   * - `'add'` adds `task.a` and `task.b`, two numbers or two strings.
   * - `'primes'` counts the prime numbers up to `task.limit`, an integer from 0 to 1e12, and reports
   *   its progress as a fraction up to 1.
   */
  native: 'add' | 'primes';
  addon?: undefined;
}

/**
 * A processor of an addon of your own, which is written in Rust with the crate
 * `async-hooks-rs-processor`. No JavaScript runs on its threads.
 */
export interface AddonProcessor {
  /** The name that the processor gives itself. */
  native: string;
  /** The exports of the addon: `require('./my.node')`. */
  addon: object;
}

/**
 * Options of a pool: own properties, no inherited ones. Those from `resourceLimits` on are passed
 * to each `Worker`; native processors ignore them.
 */
export interface WorkerPoolOptions {
  /**
   * The number of threads that stay when idle, from 0 to `maxThreads`. The constructor starts this
   * many.
   * @default numThreads, or maxThreads if that is less
   */
  minThreads?: number | undefined;

  /**
   * The largest number of threads, from 1 to 1024. The pool starts threads above `minThreads` when
   * a task finds no thread that could take it.
   * @default numThreads
   */
  maxThreads?: number | undefined;

  /**
   * The time in milliseconds after which an idle thread above `minThreads` ends. 0: at once;
   * `Infinity`: never.
   * @default 1000
   */
  idleTimeout?: number | undefined;

  /**
   * The time in milliseconds that a running task has to end by itself after an abort, a timeout or
   * `close()`, of which it hears by {@link WorkerPoolTaskInfo.signal}. If it does, its thread goes
   * on. 0: it is stopped at once. Either way the task fails at once. Native processors ignore it.
   * @default 0
   */
  abortGrace?: number | undefined;

  /**
   * The number of tasks that may wait, in addition to those that may run: `maxThreads` times
   * `tasksPerWorker`. A further task fails with `ERR_WORKER_POOL_QUEUE_FULL`.
   * @default Infinity
   */
  maxQueue?: number | undefined;

  /**
   * Which of the waiting tasks of one priority starts first: the one that was submitted first,
   * `'fifo'`; the one that was submitted last, `'lifo'`; or the one for which the function has
   * returned the lowest number.
   * @default 'fifo'
   */
  queueOrder?: 'fifo' | 'lifo' | WorkerPoolRank | undefined;

  /**
   * The export of the processor file that is called with each task.
   * @default 'default'
   */
  name?: string | undefined;

  /**
   * The stacks of all errors of the pool begin at the call that submitted the task. Without this
   * option they begin at the function that awaits the promise of `run()`, if it awaits it directly;
   * the stack of an error that a callback gets has no frames. Collecting a stack takes several
   * times as long as a submission.
   * @default false
   */
  asyncStackTraces?: boolean | undefined;

  /**
   * The contexts that travel with each task: storages of `storageFor()` and carriers, of
   * `async-hooks-rs/contexts`. They are captured when a task is submitted, and the processor runs in
   * a copy of them.
   * @default []
   */
  contexts?: readonly CrossingContext[] | undefined;

  /**
   * The number of tasks that a thread runs at once, from 1 to 256: for functions that wait. All of
   * them end with their thread: see {@link abortGrace}. Not for native processors or `isolate`.
   * @default 1
   */
  tasksPerWorker?: number | undefined;

  /**
   * The number of tasks, at least 1, after which a thread is replaced. Its successor is started
   * during its last task.
   * @default Infinity
   */
  maxTasksPerWorker?: number | undefined;

  /**
   * The number of bytes, at least 1, above which a thread is replaced: of its heap, garbage included,
   * and of its memory outside of the heap that V8 knows of, such as that of buffers. It is looked at
   * after each task; during a task, `resourceLimits` applies. Not for native processors.
   * @default Infinity
   */
  maxWorkerMemory?: number | undefined;

  /**
   * Each task gets a thread of its own: the same as `maxTasksPerWorker: 1`.
   * @default false
   */
  isolate?: boolean | undefined;

  /**
   * Where the threads' output on `process.stdout` goes: `'inherit'`, to that of the thread that owns
   * the pool; `'pipe'`, to {@link WorkerPool.stdout} of the pool. On Deno always the former.
   * @default 'inherit'
   */
  stdout?: 'inherit' | 'pipe' | undefined;

  /**
   * The same for `process.stderr`.
   * @default 'inherit'
   */
  stderr?: 'inherit' | 'pipe' | undefined;

  /**
   * The niceness of the threads, from -20 (they go first) to 19, on Linux. Below that of the process
   * it takes privileges; without them no thread starts. Elsewhere, and for native processors, it is
   * ignored.
   * @default 0, which changes nothing
   */
  nice?: number | undefined;

  /**
   * Where the processor runs: in each thread of the pool, or, with `'child_process'`, in a process
   * that each thread starts. So an addon that is not safe in threads can be used, and a task that
   * crashes (a segmentation fault, memory exhausted, `process.abort()`) ends its process only: it
   * fails with `ERR_WORKER_POOL_WORKER_EXIT`, and the process is replaced. Only functions run in
   * processes, no listeners of `parentPort`. Everything is copied, nothing moved or shared. Not for
   * native processors, not together with `resourceLimits`, and not on Bun or Deno.
   * @default 'worker_threads'
   */
  runtime?: 'worker_threads' | 'child_process' | undefined;

  /**
   * Memory limits. A task that exceeds them fails with `ERR_WORKER_OUT_OF_MEMORY`. Not for
   * processes: see {@link runtime}.
   */
  resourceLimits?: ResourceLimits | undefined;

  /**
   * `process.env` of the workers.
   * @default process.env
   */
  env?: WorkerOptions['env'];

  /**
   * Flags of Node for the workers. A process takes those that a thread does not, such as
   * `--max-old-space-size`.
   * @default process.execArgv
   */
  execArgv?: string[] | undefined;

  /** Appended to `process.argv` of the workers. */
  argv?: any[] | undefined;

  /**
   * Whether a thread that ends closes the files that it has opened by `fs.open()` and has not closed.
   * @default true
   */
  trackUnmanagedFds?: boolean | undefined;

  /** `workerData` of `node:worker_threads` in the workers. */
  workerData?: any;
}

/**
 * Ranks a task: among waiting tasks of one priority, the one with the lowest rank starts first, and of
 * those with the same rank the one that was submitted first. The rank of a task does not change.
 *
 * It is called once for each submission, during that and in its scopes. If it throws, or does not
 * return a finite number, nothing is submitted: what `runTask()`, `runSync()` and `stream()` throw, and
 * the promises of `run()` and `pool.call` and the iteration of `map()` are rejected with, is
 * `ERR_WORKER_POOL_QUEUE_ORDER`, whose `cause` is what it threw.
 *
 * @param task As it was submitted; for `pool.call`, the list of the arguments.
 * @param options Those of the task. `priority` is always there.
 */
export type WorkerPoolRank<Task = any> = (
  task: Task,
  options: Pick<WorkerPoolTaskOptions, 'timeout' | 'key' | 'export'> & { priority: number },
) => number;

/** Options of `close()`: own properties, no inherited ones. */
export interface WorkerPoolCloseOptions {
  /**
   * Whether the tasks that were submitted before are finished first. Tasks that are submitted
   * later fail with `ERR_WORKER_POOL_CLOSED` either way.
   * @default false
   */
  drain?: boolean | undefined;

  /**
   * The time in milliseconds that they have, from the call on; at least 1. Those that are not done
   * by then fail with `ERR_WORKER_POOL_CLOSE_TIMEOUT`, and their threads are stopped. Only with
   * `drain`.
   * @default Infinity
   */
  timeout?: number | undefined;
}

/** Options of one task: own properties, no inherited ones. */
export interface WorkerPoolTaskOptions {
  /**
   * Aborting it ends the task, with an `AbortError` whose `cause` is the signal's reason. A waiting
   * task leaves the queue; the thread of a running task is stopped and replaced, unless the task
   * ends within {@link WorkerPoolOptions.abortGrace}.
   */
  signal?: AbortSignal | undefined;

  /**
   * The time in milliseconds that the task may run, from its start. After that it fails with
   * `ERR_WORKER_POOL_TASK_TIMEOUT`, and its thread is stopped and replaced, unless the task ends
   * within {@link WorkerPoolOptions.abortGrace}.
   */
  timeout?: number | undefined;

  /**
   * From -100 to 100. Waiting tasks with a higher priority start first, those with the same
   * priority in the order of submission, or as {@link WorkerPoolOptions.queueOrder} says.
   * @default 0
   */
  priority?: number | undefined;

  /**
   * Tasks of one key run one after the other, in the order of their submission whatever
   * {@link WorkerPoolOptions.queueOrder} is, and on the same thread as long as that takes tasks.
   * Others do not wait for them. Default: no key.
   */
  key?: string | undefined;

  /**
   * The file whose function is called with this task, in place of the pool's: a `file:` URL or a path,
   * absolute or relative to `process.cwd()`. A thread loads it with the first task that names it, and
   * keeps it; its `setup`, `teardown` and `broadcast` are called as those of the pool's processor.
   * If it cannot be loaded, the task fails with `ERR_WORKER_POOL_LOAD`, and the thread goes on; if the
   * processor of the pool listens for messages, with `ERR_WORKER_POOL_NO_EXPORTS`. Not for native
   * processors.
   */
  processor?: string | URL | undefined;

  /**
   * The name of the function of the processor file that is called with this task; only an own
   * property of its exports is one. Without it, that of the pool's `name` is called. If there is no
   * such function, the task fails with `ERR_WORKER_POOL_EXPORT_UNKNOWN`; if the processor listens
   * for messages instead, with `ERR_WORKER_POOL_NO_EXPORTS`. Not for native processors.
   */
  export?: string | undefined;

  /**
   * Which attempt this is, for programs that try again what has failed: the processor reads it as
   * {@link WorkerPoolTaskInfo.attempt}. The pool itself never tries again. Native processors ignore it.
   * @default 1
   */
  attempt?: number | undefined;

  /**
   * The objects to move to the thread rather than copy. ArrayBuffers only for native processors, which
   * read their memory where it is.
   */
  transferList?: readonly Transferable[] | undefined;

  /**
   * Called with every value that the processor reports while it runs the task: in their order,
   * before the result, and in the scopes in which the task was submitted. Not called any more once
   * the task has failed. While this thread does not get to its event loop, 1024 values of a task
   * wait, or fewer that have 64 MB; further ones replace the newest of them. What the function throws
   * is an uncaught exception, and the task goes on.
   *
   * A processor reports by {@link WorkerPoolTaskInfo.progress}.
   */
  onProgress?: ((value: any) => void) | undefined;
}

/** Options of a task for another file than the pool's, of which the types know nothing. */
export type OfOtherFile<Options = WorkerPoolTaskOptions> = Options & { processor: string | URL };

/**
 * Options of `runSync()`: own properties, no inherited ones. Those of `run()` for which no event has
 * to reach the thread that waits.
 */
export interface WorkerPoolSyncOptions
  extends Pick<
    WorkerPoolTaskOptions,
    'timeout' | 'priority' | 'key' | 'processor' | 'export' | 'attempt' | 'transferList'
  > {}

/**
 * Options of `map()`: own properties, no inherited ones. `timeout`, `priority`, `processor` and
 * `export` are those of each of its tasks.
 */
export interface WorkerPoolMapOptions
  extends Pick<WorkerPoolTaskOptions, 'timeout' | 'priority' | 'processor' | 'export'> {
  /**
   * The number of values that are taken from the iterable ahead of the results: those whose tasks
   * are outstanding, and those whose results were not taken. At least 1; at most what the pool takes.
   * @default maxThreads * tasksPerWorker
   */
  concurrency?: number | undefined;

  /**
   * Whether the results come in the order of the values, or each as soon as its task has ended.
   * @default true
   */
  ordered?: boolean | undefined;

  /**
   * Aborting it ends the iteration at once, with an `AbortError` whose `cause` is the signal's
   * reason: its tasks are cancelled, and the iterable is closed.
   */
  signal?: AbortSignal | undefined;
}

/** Options of `stream()`: own properties, no inherited ones. */
export interface WorkerPoolStreamOptions extends WorkerPoolTaskOptions {
  /**
   * The number of values that the generator is pulled ahead of the consumer, from 1 to 1048576.
   * @default 16
   */
  highWaterMark?: number | undefined;
}

/** What `map()` takes its tasks from. As in `for await`, promises are awaited. */
export type WorkerPoolTasks<Task> = Iterable<Task | PromiseLike<Task>> | AsyncIterable<Task>;

/**
 * Called once: with `null` and the result, or with the error and `null`. As for Node's callbacks,
 * the type of the result leaves out `null`.
 */
export type WorkerPoolTaskCallback<Result = any> = (
  err: WorkerPoolTaskError | null,
  result: Result,
) => void;
