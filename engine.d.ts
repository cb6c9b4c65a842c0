// Types of what engine() returns. Types only: index.d.ts exports them.

/**
 * The engines, which carry the scopes; see docs/how-it-works.md. The environment variable
 * `ASYNC_HOOKS_RS_ENGINE` forces one. With it, loading the package throws
 *
 * - a `RangeError` with the code `ERR_ASYNC_HOOKS_RS_ENGINE_UNKNOWN` for any other name;
 * - an `Error` with the code `ERR_ASYNC_HOOKS_RS_ENGINE_UNAVAILABLE` if the engine cannot run here.
 */
export type EngineName = 'frame' | 'slot-hooks' | 'hooks' | 'deno' | 'builtin';

/**
 * Why the addon cannot be loaded. Such an error is also the `cause` of the pool's
 * `ERR_WORKER_POOL_UNAVAILABLE`.
 *
 * - `ERR_ASYNC_HOOKS_RS_ADDON_MISSING`: the package with the addon for this platform is not
 *   installed.
 * - `ERR_ASYNC_HOOKS_RS_ADDON_PLATFORM`: no package has the addon for this platform.
 * - `ERR_ASYNC_HOOKS_RS_ADDON_VERSION`: the installed addon is of another version than this package.
 * - `ERR_ASYNC_HOOKS_RS_ADDON_LOAD`: the host does not load it; its error is the `cause`.
 * - `ERR_ASYNC_HOOKS_RS_ADDON_BUNDLED`: this package was bundled, and is not installed where the
 *   bundle runs.
 */
export type AddonErrorCode =
  | 'ERR_ASYNC_HOOKS_RS_ADDON_MISSING'
  | 'ERR_ASYNC_HOOKS_RS_ADDON_PLATFORM'
  | 'ERR_ASYNC_HOOKS_RS_ADDON_VERSION'
  | 'ERR_ASYNC_HOOKS_RS_ADDON_LOAD'
  | 'ERR_ASYNC_HOOKS_RS_ADDON_BUNDLED';

/** The return value of `engine()`: a new object at each call. */
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
   * The better engines, each with the reason why it cannot run here, in words. Empty if the best
   * one runs, or if one was forced.
   */
  refused: { [Name in EngineName]?: string };

  /**
   * The addon. Without it everything but WorkerPool works, on Node 22 with a slower engine. It is
   * loaded where an engine needs it, by the first pool, and by this function.
   */
  native: {
    /** Whether it could be loaded. */
    loaded: boolean;

    /** Why not; `undefined` if it could. */
    code: AddonErrorCode | undefined;

    /** The same in words: what is missing, and which command adds it. */
    reason: string | undefined;
  };
}
