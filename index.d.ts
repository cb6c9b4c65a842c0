/// <reference types="node" />

// Types of the package. The signatures are those of @types/node for Node 26, on every version of
// Node and of @types/node, so that a program changes only the name of the module. The types of
// WorkerPool are in worker-pool.d.ts. `[Symbol.dispose]` needs no `lib` of the consumer: every
// supported @types/node declares it.

import { AsyncResource as NodeAsyncResource, AsyncResourceOptions } from 'node:async_hooks';
import { type EngineInfo } from './engine.js';
import { KeepNativeCallbacksOptions, KeptNativeCallbacks } from './native-callbacks.js';
import WorkerPool = require('./worker-pool.js');

export { WorkerPool };
export type {
  AddonProcessor,
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
} from './worker-pool.js';

export {
  asyncWrapProviders,
  createHook,
  executionAsyncId,
  executionAsyncResource,
  triggerAsyncId,
} from 'node:async_hooks';
export type { AsyncHook, AsyncResourceOptions, HookCallbacks } from 'node:async_hooks';
export type { AddonErrorCode, EngineInfo, EngineName } from './engine.js';
export type { KeepNativeCallbacksOptions, KeptNativeCallbacks } from './native-callbacks.js';

/** The codes of the errors of everything but the pool: our own, and those of Node. */
export type ContextErrorCode =
  | 'ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE'
  | 'ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN'
  | 'ERR_ASYNC_HOOKS_RS_NATIVE_CALLBACKS_UNKNOWN'
  | 'ERR_ASYNC_RESOURCE_DESTROYED'
  | 'ERR_ASYNC_TYPE'
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_INVALID_ASYNC_ID'
  | 'ERR_INVALID_THIS';

/** Options of {@link AsyncLocalStorage}. Keys that are not listed here are ignored. */
export interface AsyncLocalStorageOptions {
  /**
   * The value that `getStore()` returns outside of every scope: before the first one, after the
   * outermost one was left, and after `disable()`. It does not apply in a scope that was entered
   * with `undefined`, and therefore not inside `exit()`. It is returned unchanged; a function is
   * not called.
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
 * A store that stays with a chain of asynchronous operations: the callback of `run()`, and every
 * asynchronous operation that it starts, sees the store.
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
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `options` is `null`, an array or not an object.
   * @throws {TypeError} without a code if `options.name` cannot be converted to a string.
   */
  constructor(options?: AsyncLocalStorageOptions);

  /**
   * Binds `fn` to the scopes of all storages that are current now. The result passes on `this`,
   * arguments, result and errors. The same as `AsyncResource.bind(fn)`: it creates an async
   * resource, and hooks of `createHook()` see it.
   *
   * @param fn The function to bind.
   * @return A new function with the `length` of `fn`.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function; without a code if it is
   *   `undefined` or `null`.
   */
  static bind<Func extends (...args: any[]) => any>(fn: Func): Func;

  /**
   * Captures the scopes of all storages that are current now, and returns a function that calls
   * other functions in them. Scopes that `fn` enters with `enterWith()` end with the call.
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
   * Ends every scope of this instance, wherever its store is held: in the running code, pending
   * timers and promises, bound functions and snapshots. `getStore()` returns the `defaultValue` (or
   * `undefined`) until the next `run()`, `enterWith()` or `withScope()`; these start afresh, and no
   * earlier store comes back. Other instances are not affected.
   *
   * An unused instance is garbage-collected without `disable()`.
   */
  disable(): void;

  /**
   * The store of the innermost scope, or the `defaultValue` (or `undefined`) outside of every
   * scope.
   *
   * Even with the option `defaultValue` the type contains `undefined`, as in @types/node: a scope
   * may have been entered with `undefined`.
   *
   * @throws {TypeError} without a code if `this` is not an AsyncLocalStorage.
   */
  getStore(): T | undefined;

  /**
   * Calls `callback` with `store` as the store, and returns its result. The callback, and every
   * asynchronous operation that it starts, sees the store; other code does not.
   *
   * When the callback returns or throws, the previous store is current again, even if the callback
   * called `enterWith()`. `run()` throws whatever `callback` throws. In the callback, `this` is
   * `null`.
   *
   * @param args Passed to `callback`.
   * @throws {TypeError} without a code if `callback` is not a function or `this` is not an
   *   AsyncLocalStorage.
   */
  run<R>(store: T, callback: () => R): R;
  run<R, TArgs extends any[]>(store: T, callback: (...args: TArgs) => R, ...args: TArgs): R;

  /**
   * Calls `callback` outside of every scope of this instance, and returns its result: in the
   * callback, and in the asynchronous operations that it starts, `getStore()` returns `undefined`.
   * The same as `run(undefined, callback, ...args)`.
   *
   * @param args Passed to `callback`.
   * @throws {TypeError} without a code if `callback` is not a function or `this` is not an
   *   AsyncLocalStorage.
   */
  exit<R, TArgs extends any[]>(callback: (...args: TArgs) => R, ...args: TArgs): R;

  /**
   * Enters `store` for the rest of the running synchronous code, including its callers, and for the
   * asynchronous operations that it starts from then on. The scope ends only with the running
   * callback, or with a surrounding `run()`, `exit()`, `withScope()` (of this instance) or
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
   * In an async function the callers also see the store, from the first `await` on; use `run()`
   * there.
   *
   * @throws {TypeError} without a code if `this` is not an AsyncLocalStorage.
   */
  withScope(store: T): RunScope;
}

/** The return value of {@link AsyncLocalStorage.withScope}. The class is not exported. */
export interface RunScope {
  /**
   * Restores the store that was current before. A second call does nothing.
   *
   * @throws {TypeError} without a code if `this` is not a RunScope.
   */
  dispose(): void;

  /**
   * Calls `dispose()`. For `using`, which needs a Node version that supports it, or a compiler that
   * translates it.
   */
  [Symbol.dispose](): void;
}

/**
 * A resource whose callbacks run in the scopes in which it was created: a query of a connection
 * pool, a task in a queue. It extends Node's class, so it has an async id, and hooks see it.
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
   * @throws {RangeError} `ERR_INVALID_ASYNC_ID` if `triggerAsyncId` is not an integer of -1 or
   *   more.
   */
  constructor(type: string, options?: number | AsyncResourceOptions);

  /**
   * Binds `fn` to the current scopes of all storages, through a new AsyncResource.
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
   * Calls `fn` in the scopes of this resource and returns its result: emits `before`, calls `fn`,
   * emits `after`, and restores the previous scopes, even if `fn` throws.
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
   * Emits `destroy`. Call it once.
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

/** The engine that carries the scopes in this thread, and why. For diagnosis. */
export function engine(): EngineInfo;

/**
 * Keeps the scopes of all storages, of this package and built-in ones, in callbacks that native
 * addons call. On Node 24 and 26 most of them otherwise run in no scope.
 *
 * A function that is passed to an addon is bound to the scopes of that call. It enters them where
 * the addon calls it in none, or in those of its native object; scopes that JavaScript has entered
 * around it stay. Call this before the addons are loaded: of an addon that is loaded, what a module
 * has copied out of its exports stays as it is.
 *
 * It applies to this thread. Calls add up, those of other copies of the package included.
 *
 * ```js
 * const { keepNativeCallbacks } = require('async-hooks-rs');
 * keepNativeCallbacks({ arguments: ['bcrypt', 'sqlite3'] });
 * ```
 *
 * @param options Default: `{}`.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `options`, or an option, is of another type.
 */
export function keepNativeCallbacks(options?: KeepNativeCallbacksOptions): KeptNativeCallbacks;
