// Types of what the file of a processor exports, and of what the submitter gets of it. Types only:
// worker-pool.d.ts exports them.

import WorkerPool = require('./worker-pool.js');

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

/** The values of one of the functions, if it is a generator or returns an iterable. */
export type WorkerPoolExportValue<Exports, Name extends string> = 0 extends 1 & Exports
  ? any
  : WorkerPoolExportResult<Exports, Name> extends AsyncIterable<infer Value>
    ? Value
    : WorkerPoolExportResult<Exports, Name> extends Iterable<infer Value>
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
