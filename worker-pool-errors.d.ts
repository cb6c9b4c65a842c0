// Types of the errors of a WorkerPool and of its tasks. Types only: worker-pool.d.ts exports them.

import { type WorkerPoolOptions } from './worker-pool-types.js';

/**
 * The error of a task: an error of the pool, with a code; or whatever value the processor threw.
 */
export interface WorkerPoolTaskError extends Error {
  /** One of {@link WorkerPoolErrorCode} if the error is the pool's. */
  code?: string;

  /** With `ERR_WORKER_POOL_WORKER_EXIT`: the exit code of the worker, unless there is a `signal`. */
  exitCode?: number;

  /**
   * With `ERR_WORKER_POOL_WORKER_EXIT`: the name of the signal that has ended the process of the
   * worker, such as `'SIGSEGV'`. Only in a pool with {@link WorkerPoolOptions.runtime}
   * `'child_process'`.
   */
  signal?: string;
}

/** The codes of the errors of a pool: its own, and those of Node that it uses. */
export type WorkerPoolErrorCode =
  | 'ABORT_ERR'
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_INVALID_URL_SCHEME'
  | 'ERR_NATIVE_NODE_API'
  | 'ERR_NATIVE_PANIC'
  | 'ERR_NATIVE_RANDOM'
  | 'ERR_NATIVE_THREAD'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_WORKER_OUT_OF_MEMORY'
  | 'ERR_WORKER_POOL_BROADCAST'
  | 'ERR_WORKER_POOL_CLOSED'
  | 'ERR_WORKER_POOL_CLOSE_TIMEOUT'
  | 'ERR_WORKER_POOL_DEADLOCK'
  | 'ERR_WORKER_POOL_EXPORT_UNKNOWN'
  | 'ERR_WORKER_POOL_FUNCTION'
  | 'ERR_WORKER_POOL_LOAD'
  | 'ERR_WORKER_POOL_NATIVE_ADDON'
  | 'ERR_WORKER_POOL_NATIVE_PANIC'
  | 'ERR_WORKER_POOL_NATIVE_TASK'
  | 'ERR_WORKER_POOL_NATIVE_UNKNOWN'
  | 'ERR_WORKER_POOL_NATIVE_VERSION'
  | 'ERR_WORKER_POOL_NOT_CLONEABLE'
  | 'ERR_WORKER_POOL_NO_EXPORTS'
  | 'ERR_WORKER_POOL_NO_STREAM'
  | 'ERR_WORKER_POOL_OUT_OF_MEMORY'
  | 'ERR_WORKER_POOL_PROCESSOR'
  | 'ERR_WORKER_POOL_QUEUE_FULL'
  | 'ERR_WORKER_POOL_QUEUE_ORDER'
  | 'ERR_WORKER_POOL_SETUP'
  | 'ERR_WORKER_POOL_TASK_THREW_NOTHING'
  | 'ERR_WORKER_POOL_TASK_TIMEOUT'
  | 'ERR_WORKER_POOL_TEARDOWN'
  | 'ERR_WORKER_POOL_TRANSPORT'
  | 'ERR_WORKER_POOL_TYPESCRIPT'
  | 'ERR_WORKER_POOL_UNAVAILABLE'
  | 'ERR_WORKER_POOL_WORKER_EXIT'
  | 'ERR_WORKER_POOL_WORKER_START';
