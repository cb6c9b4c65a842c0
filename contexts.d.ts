/// <reference types="node" />

import type { MessagePort, Worker } from 'node:worker_threads';
import type { AsyncLocalStorage } from './index.js';

/**
 * How the stores of a storage travel, if they cannot be cloned, or not as they are. Where they
 * arrive, `storageFor()` has to be given the same functions.
 */
export interface ContextConversions<Store = unknown, Sent = unknown> {
  /**
   * Makes of a store what is sent: a value that structured cloning copies. It is called for each
   * task or message, in the context of its submission, and what it throws fails that submission.
   */
  serialize?(store: Store): Sent;
  /** Makes a store of what `serialize()` returned on the other side. */
  deserialize?(value: Sent): Store;
  /**
   * Brings what a task has changed into the store of its submission: see
   * {@link StorageContext.returns}. `returned` is a copy of the store as the task left it.
   */
  merge?(original: Store, returned: Store): void;
}

/** A storage that crosses, with what is different from its own definition. */
export interface StorageContext<Store = any, Sent = any> extends ContextConversions<Store, Sent> {
  /** A storage of {@link storageFor}. */
  storage: AsyncLocalStorage<Store>;
  /**
   * Whether changes of the store come back with the result, and are given to `merge()`.
   *
   * @default false
   */
  returns?: boolean;
}

/** A context that is no storage of this package. */
export interface ContextCarrier<Value = any> {
  /** The same in all threads. */
  readonly name: string;
  /** What is sent of the current context: a value that can be cloned. `undefined`: nothing. */
  capture(): Value | undefined;
  /** Calls `fn` in the context of a value that was captured, and returns what it returns. */
  enter<Result>(value: Value, fn: () => Result): Result;
  /**
   * Calls `fn` outside of every context of the carrier, and returns what it returns. For a message
   * that was posted outside of one, with {@link carry}: without this method, it arrives in whatever
   * context the port was made in.
   */
  exit?<Result>(fn: () => Result): Result;
  /**
   * The file that defines the carrier, as an absolute path or a `file:` URL. The threads of a pool
   * load it before the processor. Without it, the processor's file has to call
   * {@link defineCarrier}.
   */
  readonly module?: string;
}

/** What the options `contexts` list. */
export type CrossingContext = AsyncLocalStorage<any> | StorageContext | ContextCarrier;

/**
 * The storage of this name in this thread: the same at each call, and in each copy of the package.
 * What it stands for in another thread or process is what `storageFor()` gives for the name there.
 *
 * @param name - Not empty. Use a prefix of your own: the name is shared by the whole process.
 * @param options - Completes what an earlier call was given.
 * @throws `ERR_INVALID_ARG_TYPE` if the name is no string or empty, or an option is no function.
 * @throws `ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT` if the name belongs to a carrier, or an earlier
 *   call gave another function.
 */
export function storageFor<Store = any, Sent = any>(
  name: string,
  options?: ContextConversions<Store, Sent>,
): AsyncLocalStorage<Store>;

/**
 * Makes a carrier known in this thread, by its name. Returns it.
 *
 * @throws `ERR_INVALID_ARG_TYPE` if a part of it is missing.
 * @throws `ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT` if the name belongs to a storage or to another
 *   carrier.
 */
export function defineCarrier<Carrier extends ContextCarrier>(carrier: Carrier): Carrier;

/** Options of {@link carry}. */
export interface CarryOptions {
  /**
   * The contexts to post with each message.
   *
   * @default those that the other end has listed
   */
  contexts?: readonly CrossingContext[];
}

/** A message that was taken out of a port. */
export interface ReceivedMessage<Message = any> {
  message: Message;
  /** Calls `fn` with `args` in the context of the message's `postMessage()`. */
  run<Args extends unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result;
}

/** What {@link carry} returns. */
export interface Carried {
  /**
   * Calls `fn` with `args` in the context in which the other end has called `carry()`: in a Worker
   * that of the Worker's making, and so of its `workerData`, if `carry()` was called as soon as it
   * was made.
   *
   * A call and not a property of the module's context, because a context ends with the call for
   * which it was entered.
   *
   * @return What `fn` returns.
   * @throws What `fn` throws.
   * @throws `ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CARRIED` if the other end has not called `carry()` yet.
   * @throws `ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN` if this thread does not define one of the contexts.
   * @throws `ERR_INVALID_ARG_TYPE` if `fn` is not a function.
   */
  run<Args extends unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result;

  /**
   * The next message, in place of `receiveMessageOnPort()`; `undefined` if there is none. Not for a
   * Worker, whose port only Node has.
   *
   * @throws Node's `ERR_INVALID_ARG_TYPE` for a Worker.
   */
  receive<Message = any>(): ReceivedMessage<Message> | undefined;
}

/**
 * Has messages arrive in the context of their `postMessage()`: those of a Worker, of a MessagePort,
 * or of `parentPort`, whatever its listeners are. Both ends have to call it, before they post
 * anything; the one that makes a Worker as soon as it has made it. Not for the threads of a
 * `WorkerPool`, which has an option `contexts`.
 *
 * ```js
 * const worker = new Worker(file);
 * carry(worker, { contexts: [storageFor('request')] });
 * ```
 *
 * ```js
 * // In the worker:
 * const carried = carry(parentPort);
 * ```
 *
 * Called once more for the same port, it adds contexts.
 *
 * @param port - A `Worker`, a `MessagePort`, or `parentPort`.
 * @throws `ERR_INVALID_ARG_TYPE` if an argument or option is something else.
 * @throws `ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE` if a store cannot be copied. So does
 *   `postMessage()` of the port from now on.
 * @throws `ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT` if a name means something else already.
 */
export function carry(port: Worker | MessagePort, options?: CarryOptions): Carried;

/** The codes of the errors of contexts that cross. */
export type CrossingErrorCode =
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CARRIED'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_ENTERED'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_TOO_LARGE'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN'
  | 'ERR_INVALID_ARG_TYPE';
