/**
 * `async-hooks-rs/register`: replaces `AsyncLocalStorage` and `AsyncResource` of `node:async_hooks`
 * with the classes of this package, for a program that does not know of it:
 *
 * ```
 * node --import async-hooks-rs/register app.js
 * ```
 *
 * Functions that are passed to known native addons are bound to the scopes of the call, as
 * `keepNativeCallbacks()` of this package does. The environment variable
 * `ASYNC_HOOKS_RS_NATIVE_CALLBACKS` is `known` (the default), `arguments` (for every addon), `all`
 * (with `resources`) or `off`; loading the module throws a `RangeError` with the code
 * `ERR_ASYNC_HOOKS_RS_NATIVE_CALLBACKS_UNKNOWN` for anything else.
 *
 * Loading it is enough. With the environment variable `ASYNC_HOOKS_RS_DEBUG=1` each thread reports
 * its engine on standard error.
 */

/**
 * Replaces the two classes for `require()`, `import` and `process.getBuiltinModule()`, in this
 * thread and in each Worker that is started from it. Loading the module calls it. It does nothing
 * if it was called before, or if nothing better than the host's own class is available (engine
 * `builtin`). Code that has read a class before keeps that class.
 */
export function register(): void;

/**
 * Restores Node's own classes, for tests. Storages and resources that were created meanwhile go on
 * as they are; a class that other code has put there since stays.
 */
export function unregister(): void;
