/// <reference types="node" />

// Types of the package. The signatures are those of @types/node for Node 26, on every version of
// Node and of @types/node, so that a program changes nothing but the module's name. Those of
// WorkerPool stand in worker-pool.d.ts.
// `[Symbol.dispose]` needs no `lib` of the consumer: every supported @types/node declares it.

import {
  AsyncResource as NodeAsyncResource,
  AsyncResourceOptions,
} from 'node:async_hooks';
import WorkerPool = require('./worker-pool.js');

export { WorkerPool };
export type {
  NativeProcessor,
  WorkerPoolErrorCode,
  WorkerPoolEvents,
  WorkerPoolHistogram,
  WorkerPoolOptions,
  WorkerPoolTaskCallback,
  WorkerPoolTaskError,
  WorkerPoolTaskOptions,
  WorkerPoolTimes,
} from './worker-pool.js';

export {
  asyncWrapProviders,
  createHook,
  executionAsyncId,
  executionAsyncResource,
  triggerAsyncId,
} from 'node:async_hooks';
export type { AsyncHook, AsyncResourceOptions, HookCallbacks } from 'node:async_hooks';

/** Options of {@link AsyncLocalStorage}. Keys that are not listed here are ignored. */
export interface AsyncLocalStorageOptions {
  /**
   * What `getStore()` returns outside of every scope: before the first one, after the outermost one
   * was left, and after `disable()`. Not used where a scope was entered with `undefined`, and so
   * not inside of `exit()` either. Returned as it is; a function is not called.
   * @default undefined
   */
  defaultValue?: any;

  /**
   * A name for diagnosis, see {@link AsyncLocalStorage.name}. Converted to a string.
   * @default ''
   */
  name?: string | undefined;
}

/**
 * A store that stays with a chain of asynchronous operations: what is entered with `run()` is seen
 * by the callback and by everything asynchronous that the callback starts.
 *
 * Instances are independent of one another. `T` is the type of the store.
 *
 * ```js
 * const storage = new AsyncLocalStorage();
 *
 * storage.run({ id: 1 }, () => {
 *   setImmediate(() => console.log(storage.getStore())); // Prints: { id: 1 }
 * });
 * ```
 */
export class AsyncLocalStorage<T> {
  /**
   * @param options Default: `{}`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `options` is `null`, an array or no object.
   * @throws {TypeError} without a code if `options.name` cannot be converted to a string.
   */
  constructor(options?: AsyncLocalStorageOptions);

  /**
   * Binds `fn` to the scopes of all storages that are current now. The result passes on its `this`,
   * its arguments, and what `fn` returns or throws. The same as `AsyncResource.bind(fn)`: an async
   * resource is made, and hooks of `createHook()` see it.
   *
   * @param fn The function to bind.
   * @return A new function with the `length` of `fn`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function; without a code if it is
   *   `undefined` or `null`.
   */
  static bind<Func extends (...args: any[]) => any>(fn: Func): Func;

  /**
   * Captures the scopes of all storages that are current now, and returns a function that calls
   * other functions inside of them. Whatever `fn` enters with `enterWith()` ends with the call.
   *
   * ```js
   * const runInAsyncScope = storage.run(123, () => AsyncLocalStorage.snapshot());
   * storage.run(321, () => runInAsyncScope(() => storage.getStore())); // 123
   * ```
   *
   * @return `(fn, ...args) => fn(...args)`, in the captured scopes. It throws a `TypeError` without
   *   a code (`cb is not a function`) if `fn` is not a function.
   */
  static snapshot(): <R, TArgs extends any[]>(fn: (...args: TArgs) => R, ...args: TArgs) => R;

  /** The `name` that was given to the constructor, as a string. Default: `''`. */
  readonly name: string;

  /**
   * Ends every scope of this instance, wherever its store is held: the running code, pending timers
   * and promises, bound functions and snapshots. `getStore()` returns the `defaultValue` (or
   * `undefined`) until `run()`, `enterWith()` or `withScope()` is called; these start afresh, no
   * earlier store comes back. Other instances are not affected.
   *
   * An instance that is no longer used need not be disabled to be garbage-collected.
   */
  disable(): void;

  /**
   * The store of the innermost scope, or the `defaultValue` (or `undefined`) outside of every
   * scope.
   *
   * With the option `defaultValue` the type contains `undefined` all the same, as in @types/node: a
   * scope may have been entered with it.
   *
   * @throws {TypeError} without a code if `this` is not an AsyncLocalStorage.
   */
  getStore(): T | undefined;

  /**
   * Calls `callback` with `store` as the store, and returns what it returns. The store is seen by
   * the callback and by every asynchronous operation that it starts, and not outside.
   *
   * When the callback returns or throws, the store is what it was before, even if the callback
   * called `enterWith()`. What `callback` throws is thrown. In the callback, `this` is `null`.
   *
   * @param args Passed to `callback`.
   * @throws {TypeError} without a code if `callback` is not a function or `this` is not an
   *   AsyncLocalStorage.
   */
  run<R>(store: T, callback: () => R): R;
  run<R, TArgs extends any[]>(store: T, callback: (...args: TArgs) => R, ...args: TArgs): R;

  /**
   * Calls `callback` outside of every scope of this instance, and returns what it returns: in
   * there, and in the asynchronous operations that it starts, `getStore()` returns `undefined`. The
   * same as `run(undefined, callback, ...args)`.
   *
   * @param args Passed to `callback`.
   * @throws {TypeError} without a code if `callback` is not a function or `this` is not an
   *   AsyncLocalStorage.
   */
  exit<R, TArgs extends any[]>(callback: (...args: TArgs) => R, ...args: TArgs): R;

  /**
   * Enters `store` for the rest of the running synchronous code, callers included, and for the
   * asynchronous operations that it starts from here on. Nothing takes it back but the end of the
   * running callback, or of a surrounding `run()`, `exit()`, `withScope()` (of this instance) or
   * snapshot; prefer those.
   *
   * @throws {TypeError} without a code if `this` is not an AsyncLocalStorage.
   */
  enterWith(store: T): void;

  /**
   * Enters `store` until the returned scope is disposed, by `using` or by `dispose()`.
   *
   * ```js
   * {
   *   using scope = storage.withScope('store');
   *   storage.getStore(); // 'store'
   * }
   * storage.getStore(); // undefined
   * ```
   *
   * In an async function the callers see the store, too, from the first `await` on; use `run()`
   * there.
   *
   * @throws {TypeError} without a code if `this` is not an AsyncLocalStorage.
   */
  withScope(store: T): RunScope;
}

/** What {@link AsyncLocalStorage.withScope} returns. The class is not exported. */
export interface RunScope {
  /**
   * Puts the store back that was current before. A second call does nothing.
   *
   * @throws {TypeError} without a code if `this` is not a RunScope.
   */
  dispose(): void;

  /**
   * Calls `dispose()`. For `using`, which needs a Node version that has it, or a compiler that
   * translates it.
   */
  [Symbol.dispose](): void;
}

/**
 * A resource whose callbacks run in the scopes in which it was made: a query of a connection pool,
 * a task in a queue. It extends Node's class, so it has an async id, and hooks see it.
 *
 * ```js
 * class DBQuery extends AsyncResource {
 *   constructor(db) {
 *     super('DBQuery');
 *     this.db = db;
 *   }
 *
 *   getInfo(query, callback) {
 *     this.db.get(query, (err, data) => {
 *       this.runInAsyncScope(callback, null, err, data);
 *     });
 *   }
 *
 *   close() {
 *     this.db = null;
 *     this.emitDestroy();
 *   }
 * }
 * ```
 */
export class AsyncResource extends NodeAsyncResource {
  /**
   * Captures the current scopes of all storages, and emits `init`.
   *
   * @param type The type of the asynchronous event, for hooks.
   * @param options The id of the context that created the event, or options. Default: `{
   *   triggerAsyncId: executionAsyncId(), requireManualDestroy: false }`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `type` is not a string; `ERR_ASYNC_TYPE` if it is
   *   empty while a hook with `init` is enabled.
   * @throws {RangeError} `ERR_INVALID_ASYNC_ID` if `triggerAsyncId` is no integer from -1 on.
   */
  constructor(type: string, options?: number | AsyncResourceOptions);

  /**
   * Binds `fn` to the current scopes of all storages, by way of a new AsyncResource.
   *
   * @param fn The function to bind.
   * @param type The type of the resource. Default: the name of `fn`, or `'bound-anonymous-fn'`.
   * @param thisArg The receiver of `fn`. Default: that of the call of the bound function.
   * @return A new function with the `length` of `fn`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function or `type` is not a string;
   *   without a code if `fn` is `undefined` or `null` and no `type` is given.
   */
  static bind<Func extends (this: ThisArg, ...args: any[]) => any, ThisArg>(
    fn: Func,
    type?: string,
    thisArg?: ThisArg,
  ): Func;

  /**
   * Binds `fn` to the scopes of this resource.
   *
   * @param fn The function to bind.
   * @param thisArg The receiver of `fn`. Default: that of the call of the bound function.
   * @return A new function with the `length` of `fn`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function.
   */
  bind<Func extends (this: ThisArg, ...args: any[]) => any, ThisArg>(
    fn: Func,
    thisArg?: ThisArg,
  ): Func;

  /**
   * Calls `fn` in the scopes of this resource and returns what it returns: emits `before`, calls
   * `fn`, emits `after`, and restores what was current before, also if `fn` throws.
   *
   * @param thisArg The receiver of `fn`. Default: `undefined`.
   * @param args Passed to `fn`.
   * @throws {TypeError} `ERR_INVALID_THIS` if `this` is not an AsyncResource; without a code if
   *   `fn` is not a function.
   */
  runInAsyncScope<This, Result>(
    fn: (this: This, ...args: any[]) => Result,
    thisArg?: This,
    ...args: any[]
  ): Result;

  /**
   * Emits `destroy`. To be called once.
   *
   * @throws {Error} `ERR_ASYNC_RESOURCE_DESTROYED` if it was called before; nothing is emitted
   *   then.
   */
  emitDestroy(): this;

  /** The unique id of this resource. */
  asyncId(): number;

  /** The `triggerAsyncId` that was given to the constructor, or the id that was current then. */
  triggerAsyncId(): number;
}

/**
 * The ways in which the scopes are carried; see docs/how-it-works.md. The environment variable
 * `ASYNC_HOOKS_RS_ENGINE` forces one. With it, loading the package throws
 *
 * - a `RangeError` with the code `ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN` for any other name;
 * - an `Error` with the code `ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE` if the engine cannot run here.
 */
export type EngineName = 'frame' | 'slot-hooks' | 'hooks' | 'deno' | 'builtin';

/** What {@link engine} returns. A new object at each call. */
export interface EngineInfo {
  /** The engine that carries the scopes in this thread. */
  name: EngineName;

  /** Why this one, in words. Not for programs: the text may change in any version. */
  reason: string;

  /**
   * How V8's continuation slot is reached: with V8's own functions, which the addon finds, through
   * Node's frame class, or through Deno's core. `undefined` for engines that do not use the slot.
   */
  slot: 'v8-extras' | 'node-frame-class' | 'deno-core' | undefined;

  /**
   * The engines that would have been better, each with why it cannot run here, in words. Empty if
   * the best one runs, or if one was forced.
   */
  refused: { [Name in EngineName]?: string };

  /**
   * The native addon. Without it everything works, on Node 22 with a slower engine. It is loaded
   * where an engine needs it, and by this function.
   */
  native: {
    /** Whether it could be loaded. */
    loaded: boolean;

    /** Why not, in words; `undefined` if it could. */
    reason: string | undefined;
  };
}

/** What carries the scopes in this thread, and why. For diagnosis. */
export function engine(): EngineInfo;
