/**
 * `async-hooks-rs/register`: puts the classes of this package in place of `AsyncLocalStorage` and
 * `AsyncResource` of `node:async_hooks`, for a program that does not know of this package:
 *
 * ```
 * node --import async-hooks-rs/register app.js
 * ```
 *
 * Loading it is all it takes. The environment variable `ASYNC_HOOKS_RS_DEBUG=1` has each thread
 * say on standard error which engine it runs.
 */

/**
 * Replaces the two classes for `require()`, `import` and `process.getBuiltinModule()`, in this
 * thread and in each Worker that is started from it. Called when the module is loaded; does nothing
 * if it was called before, and where nothing better than the host's own class is available (engine
 * `builtin`). Code that has read a class before keeps the one it has read.
 */
export function register(): void;

/**
 * Puts Node's own classes back, for tests. Storages and resources of ours that were made meanwhile
 * go on as they are; a class that someone else has put there since stays.
 */
export function unregister(): void;
