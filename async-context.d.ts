// Types of `async-hooks-rs/async-context`: TC39's AsyncContext, with the signatures of the
// proposal.

/** Options of a {@link Variable}. Keys that are not listed here are ignored. */
interface VariableOptions<T> {
  /**
   * A name for diagnosis, see {@link Variable.name}. Converted to a string if the key exists:
   * `{ name: undefined }` gives `'undefined'`.
   * @default ''
   */
  name?: string;

  /**
   * The value that `get()` returns outside of every `run()` of this variable, unchanged. It does
   * not apply inside `run(undefined, …)`.
   * @default undefined
   */
  defaultValue?: T;
}

/**
 * A value that stays with a chain of asynchronous operations: the function that `run()` calls, and
 * every asynchronous operation that it starts, sees the value.
 *
 * ```js
 * const requestId = new Variable({ name: 'requestId', defaultValue: 'none' });
 *
 * requestId.run('a', () => {
 *   setTimeout(() => console.log(requestId.get()), 10); // Prints: a
 * });
 * console.log(requestId.get()); // Prints: none
 * ```
 *
 * `T` is the type of the value.
 */
declare class Variable<T> {
  /**
   * @param options Default: no name, and `undefined` as the value outside of `run()`. Ignored
   *   unless it is an object.
   * @throws {TypeError} if `options.name` cannot be converted to a string.
   */
  constructor(options?: VariableOptions<T>);

  /** The `name` that was given to the constructor, or `''`. For diagnosis. */
  get name(): string;

  /**
   * The value of the innermost `run()` of this variable; outside of every one, the `defaultValue`.
   *
   * @throws {TypeError} `ERR_INVALID_THIS` if `this` is not a Variable.
   */
  get(): T | undefined;

  /**
   * Calls `fn` with `args`, and `undefined` as `this`. The variable has `value` for this call and
   * for every asynchronous operation that it starts.
   *
   * When `fn` returns or throws, everything that was current before is current again: the values of
   * all variables, and the stores of all AsyncLocalStorages, whatever was entered inside.
   *
   * @return What `fn` returns.
   * @throws What `fn` throws.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function, `ERR_INVALID_THIS` if
   *   `this` is not a Variable.
   */
  run<R, A extends any[]>(value: T, fn: (this: undefined, ...args: A) => R, ...args: A): R;

  readonly [Symbol.toStringTag]: 'AsyncContext.Variable';
}

/**
 * Holds the values of all variables, and the stores of all AsyncLocalStorages of this package, at
 * the moment of its construction.
 *
 * ```js
 * const snapshot = requestId.run('a', () => new Snapshot());
 * requestId.run('b', () => {
 *   console.log(snapshot.run(() => requestId.get())); // Prints: a
 * });
 * ```
 */
declare class Snapshot {
  constructor();

  /**
   * Binds `fn` to the current context: the returned function calls it in that context. It passes on
   * `this`, arguments, result and errors, and its name is `wrapped <name of fn>`.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function.
   */
  static wrap<T, A extends any[], R>(fn: (this: T, ...args: A) => R): (this: T, ...args: A) => R;

  /**
   * Calls `fn` in the captured context, with `args`, and `undefined` as `this`. Scopes that `fn`
   * enters end when it returns or throws.
   *
   * @return What `fn` returns.
   * @throws What `fn` throws.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `fn` is not a function, `ERR_INVALID_THIS` if
   *   `this` is not a Snapshot.
   */
  run<R, A extends any[]>(fn: (this: undefined, ...args: A) => R, ...args: A): R;

  readonly [Symbol.toStringTag]: 'AsyncContext.Snapshot';
}

/** The namespace object of the proposal, for programs that write `new AsyncContext.Variable()`. */
declare const AsyncContext: {
  Variable: typeof Variable;
  Snapshot: typeof Snapshot;
  readonly [Symbol.toStringTag]: 'AsyncContext';
};

// The classes are also types, under the same names. A list of exports would declare the values a
// second time, and inside the namespace the names would refer to themselves.
type VariableInstance<T> = Variable<T>;
type SnapshotInstance = Snapshot;
type Options<T> = VariableOptions<T>;
declare namespace AsyncContext {
  type Variable<T> = VariableInstance<T>;
  type Snapshot = SnapshotInstance;
  type VariableOptions<T> = Options<T>;
}

export { AsyncContext, Snapshot, Variable };
export type { VariableOptions };
