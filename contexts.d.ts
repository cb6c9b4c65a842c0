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

/** The codes of the errors of contexts that cross. */
export type CrossingErrorCode =
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_ENTERED'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_TOO_LARGE'
  | 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN'
  | 'ERR_INVALID_ARG_TYPE';
