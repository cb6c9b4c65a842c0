/// <reference types="node" />

import type { AsyncLocalStorage } from './index.js';

/** What {@link trace.start} takes. Only own properties are read. */
export interface TraceOptions {
  /**
   * Whether findings of the rules that can be wrong are reported, too.
   *
   * @default false
   */
  possible?: boolean | undefined;
  /**
   * Whether objects remember in which context they were made, and the variables of functions that
   * read no store are looked at. It takes ten to twenty times as long, and implies `possible`.
   *
   * @default false
   */
  deep?: boolean | undefined;
  /** Globs of the files to transform, from the working directory on. Without any, all are. */
  include?: string[] | undefined;
  /** Globs of files that are not transformed. */
  ignore?: string[] | undefined;
  /**
   * The size in bytes of what is remembered, from 1 MiB to 4 GiB.
   *
   * @default 64 MiB
   */
  ringSize?: number | undefined;
  /**
   * Whether nothing is written to standard error.
   *
   * @default false
   */
  quiet?: boolean | undefined;
}

/** A place in a file. */
export interface TracePlace {
  /** An absolute path, or the name of a module of Node. */
  file: string;
  line: number;
  column: number;
  function: string | null;
  /** The package that has the file. */
  package: { name: string; version: string } | null;
  /** The lines around the place; `mark` says which it is. */
  code: { line: number; text: string; mark: boolean }[];
}

/** What one call of `run()` or `enterWith()` has entered. */
export interface TraceContext {
  id: number;
  /** The store in a few words. */
  preview: string | null;
  entered: TracePlace | null;
}

/** A read that gave another store than the function that ran could expect. */
export interface TraceFinding {
  /** The same in each run of the program. */
  id: string;
  /** Whether it is certain, and not only possible. */
  certain: boolean;
  /**
   * `lost`: there was no store. `foreign`: it was another's. `outer`: it was that of the context
   * around the expected one. `twins`: another storage, of the same code loaded twice, had it.
   */
  kind: 'lost' | 'foreign' | 'outer' | 'twins';
  /** What has found it. */
  rule: string;
  /** All of it in a sentence. */
  sentence: string;
  storage: { name: string | null; created: TracePlace | null };
  /** Where the store was read. */
  read: TracePlace | null;
  /** What called the function that read. */
  via: TracePlace | null;
  expected: TraceContext | null;
  actual: TraceContext | null;
  /** Where what ran was made. */
  made: TracePlace | null;
  madeAs: string;
  ranBy: TracePlace | null;
  /** How often it was seen. */
  count: number;
  /** Why it is only possible. */
  why: string | null;
  /** What keeps the context, as a change of one line. */
  mend: {
    place: TracePlace;
    how: string;
    before: string;
    after: string;
    note: string | null;
  } | null;
}

/** What is known so far. */
export interface TraceReport {
  version: 1;
  node: string;
  processes: { pid: number; argv: string[]; reads: number; crossings: number; notes: string[] }[];
  findings: TraceFinding[];
}

/** The codes of errors of this module: see docs/errors.md. */
export type TraceErrorCode =
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS'
  | 'ERR_ASYNC_HOOKS_RS_TRACE_HOST'
  | 'ERR_ASYNC_HOOKS_RS_TRACE_NOT_STARTED'
  | 'ERR_ASYNC_HOOKS_RS_TRACE_OPTIONS'
  | 'ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE'
  | 'ERR_INVALID_ARG_TYPE';

/** Context is not there, or another's is. */
export class ContextLossError extends Error {
  private constructor();
  code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS';
  /** The first finding; `null` where nothing is traced. */
  finding: TraceFinding | null;
  findings: TraceFinding[];
}

/** Finds where context gets lost. */
export const trace: {
  /**
   * Traces this thread and the Workers that it starts from now on, if they are not traced yet:
   * functions of modules that are loaded from now on, and all storages. Whoever starts the program
   * with `node --import async-hooks-rs/trace`, or `npx async-hooks-rs trace`, need not call it.
   *
   * @throws `ERR_INVALID_ARG_TYPE` for an option of another type.
   * @throws `ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE` without the finder's addon.
   * @throws `ERR_ASYNC_HOOKS_RS_TRACE_HOST` on another host than Node.
   */
  start(options?: TraceOptions): void;

  /**
   * What is known so far.
   *
   * @throws `ERR_ASYNC_HOOKS_RS_TRACE_NOT_STARTED` if nothing is traced.
   */
  report(): TraceReport;

  /**
   * Calls `listener` with each new finding of the process. Later ones of the same kind at the same
   * places are only counted.
   *
   * @return Ends that.
   * @throws `ERR_INVALID_ARG_TYPE` if `listener` is no function, or the event another one.
   * @throws `ERR_ASYNC_HOOKS_RS_TRACE_NOT_STARTED` if nothing is traced.
   */
  on(event: 'finding', listener: (finding: TraceFinding) => void): () => void;

  /**
   * Has an object, such as an entry of a queue, remember the current context. Returns it. Where
   * nothing is traced, it does nothing.
   *
   * @throws `ERR_INVALID_ARG_TYPE` if it is no object.
   */
  own<T extends object>(object: T): T;

  /**
   * Whether the current context is the one that an object remembers, or was entered in it; if not,
   * that is a finding. `true` for an object that remembers none, and where nothing is traced.
   *
   * @throws `ERR_INVALID_ARG_TYPE` if it is no object.
   */
  check(object: object): boolean;

  /**
   * Calls `fn`, and waits for what it returns. For tests.
   *
   * @return What `fn` returns.
   * @throws {@link ContextLossError} with the certain findings that were seen meanwhile.
   * @throws `ERR_ASYNC_HOOKS_RS_TRACE_NOT_STARTED` if nothing is traced.
   */
  assertClean<T>(fn: () => T | Promise<T>): Promise<T>;
};

declare module 'node:async_hooks' {
  interface AsyncLocalStorage<T> {
    /**
     * `getStore()`, for code that must have a store.
     *
     * @throws `ContextLossError` if there is none, or, where that is traced, another's.
     */
    expect(): T;
  }
}

declare module './index.js' {
  interface AsyncLocalStorage<T> {
    /**
     * `getStore()`, for code that must have a store.
     *
     * @throws `ContextLossError` if there is none, or, where that is traced, another's.
     */
    expect(): T;
  }
}
