// Types of what the file of a processor exports and calls, what that is called with, and what the
// submitter gets of it. Declarations only: worker-pool.d.ts exports them.

import { type Transferable } from 'node:worker_threads';
import { type WorkerPoolOptions } from './worker-pool-types.js';
import WorkerPool = require('./worker-pool.js');

/**
 * What a function gets as its second argument, in the thread, and a listener of `parentPort` by
 * {@link WorkerPool.taskInfo}. Another one for each task.
 */
export interface WorkerPoolTaskInfo {
  /**
   * Aborted by the signal of the submission, by the timeout and, of a function, by `close()`, in a
   * pool with {@link WorkerPoolOptions.abortGrace}. Its reason is the error with which the task
   * fails. To read `aborted`, and `throwIfAborted()`, find an abort even while the event loop does
   * not turn.
   */
  readonly signal: AbortSignal;

  /**
   * Passes a copy of `value` to `onProgress` of the submission. Without meaning if there is none,
   * and once the task has ended. Needs no `this`.
   *
   * @throws {TypeError} `ERR_WORKER_POOL_NOT_CLONEABLE` if the value cannot be copied, or only
   *   through a port, as shared memory.
   */
  readonly progress: (value: any) => void;

  /** Which task this is, among all of the process. */
  readonly id: string;

  /**
   * Which attempt this is: the option of the task, or how often servers of a QueuePool have begun it.
   */
  readonly attempt: number;

  /**
   * The export that is called: that of the task, the option `name` of the pool, or `'default'`, also
   * for a listener.
   */
  readonly name: string;
}

/**
 * A processor that is a function. Its text is evaluated in the threads: it has `require()` and
 * `import()`, and nothing of what is around it here.
 */
export type WorkerPoolFunction<Task = any, Result = any> = (
  task: Task,
  info: WorkerPoolTaskInfo,
) => Result | MovedResult<Result> | PromiseLike<Result | MovedResult<Result>>;

/** What the export `setup` of a processor is called with. */
export interface WorkerPoolSetup<WorkerData = any> {
  /** `workerData` of `node:worker_threads`. */
  workerData: WorkerData;

  /** The `threadId` of the thread, of which the events of the pool tell, too. */
  workerId: number;
}

/**
 * The names of the functions in `Exports`, the type of a processor file. Any string if the type is
 * `any`; none if it has no functions, which is so for every task.
 */
export type WorkerPoolExportName<Exports> = string &
  keyof { [Name in keyof Exports as Exports[Name] extends AnyFunction ? Name : never]: 0 };

/** The task for one of the functions: its first argument. */
export type WorkerPoolExportTask<Exports, Name extends string> = 0 extends 1 & Exports
  ? Name extends 'default'
    ? never
    : any
  : Exports extends Record<Name, infer Fn extends AnyFunction>
    ? Parameters<Fn>[0]
    : never;

/** The result of one of the functions, which may return a promise of it. */
export type WorkerPoolExportResult<Exports, Name extends string> =
  Exports extends Record<Name, infer Fn extends AnyFunction> ? Settled<ReturnType<Fn>> : never;

/** The functions of {@link WorkerPool.call}. */
export type WorkerPoolCalls<Exports> = 0 extends 1 & Exports
  ? { readonly [name: string]: (...args: any[]) => Promise<any> }
  : {
      readonly [Name in WorkerPoolExportName<Exports>]: Exports[Name & keyof Exports] extends (
        ...args: infer Args
      ) => infer Result
        ? (...args: Args) => Promise<Settled<Result>>
        : never;
    };

/** The values of one of the functions, if it is a generator or returns an iterable object. */
export type WorkerPoolExportValue<Exports, Name extends string> = 0 extends 1 & Exports
  ? any
  : WorkerPoolExportResult<Exports, Name> extends AsyncIterable<infer Value>
    ? Value
    : WorkerPoolExportResult<Exports, Name> extends Iterable<infer Value> & object
      ? Awaited<Value>
      : never;

/** What one of the functions returns at the end of its values, if it is a generator. */
export type WorkerPoolExportReturn<Exports, Name extends string> = 0 extends 1 & Exports
  ? any
  : WorkerPoolExportResult<Exports, Name> extends
        | AsyncGenerator<unknown, infer Return, any>
        | Generator<unknown, infer Return, any>
    ? Return
    : any;

type AnyFunction = (...args: any[]) => any;

/** What the submitter gets of what a function returns. */
type Settled<Returned> = Unmoved<Awaited<Returned>>;
type Unmoved<Result> = 0 extends 1 & Result
  ? any
  : Result extends MovedResult<infer Value>
    ? Value
    : Result;

/** What {@link WorkerPool.move} returns: a value that is moved if it is the result of a function. */
export interface MovedResult<Value = any> {
  /** For the types only: it cannot be read. */
  readonly value: Value;
}

/**
 * Has a result moved to the thread that owns the pool, if a function processor returns what this
 * returns, or a promise of it. The thread of the processor loses the objects of `transferList`
 * then. Elsewhere it is without meaning.
 *
 * The task fails with `ERR_WORKER_POOL_NOT_CLONEABLE` if one of the objects cannot be transferred,
 * or what this returns is only a part of the result.
 *
 * @param transferList The objects to move rather than copy, which are parts of the value. Default:
 *   the value itself or, if it is a view, its ArrayBuffer.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `transferList` is not an Array.
 * @throws {TypeError} `ERR_WORKER_POOL_NOT_CLONEABLE` if `value` is what `move()` has returned.
 */
export declare function move<Value>(
  value: Value,
  transferList?: readonly Transferable[],
): MovedResult<Value>;

/**
 * What a listener of `parentPort`, in the form of the documentation, may know of the task that its
 * thread was given, and has not replied to: `undefined` before a task, after the reply, in a function
 * and in any thread that is not a pool's. The message itself is the task and nothing else.
 */
export declare function taskInfo(): WorkerPoolTaskInfo | undefined;
