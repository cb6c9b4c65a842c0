'use strict';

// Chooses what carries the current frame, by what the host is seen to do and never by a version
// number. README.md beside this file describes the engines and the protocol in full.

const { engineUnknown, engineUnavailable, noEngine } = require('../errors/context.js');
const { variable } = require('../package/environment.js');
const { loadAddon } = require('../package/addon.js');
const { sharedEngine, shareEngine } = require('./shared.js');
const { fromExtras } = require('./slot.js');

/**
 * What every engine has. A *raw value* is what it carries: `undefined`, a frame of ours, or a frame
 * of the host's.
 *
 * @typedef {object} EngineVerbs
 * @property {string} name
 * @property {string} reason  why this engine, for engine()
 * @property {Record<string, string>} [refused]  why none of those that are better, for engine()
 * @property {string | undefined} slot  how V8's slot is reached, for engine()
 * @property {() => void} install  called before anything is entered, any number of times; loading
 *   an engine changes nothing
 * @property {() => unknown} current  the raw value of the running code
 * @property {(value: unknown) => Scope | void} swap  replaces it; the caller puts the previous
 *   value back before the running callback ends. Directly after `current()`, with no user code in
 *   between. Returns the scope that has it now, on an engine that has `scopes`
 * @property {(entered: unknown, prior: unknown) => boolean} leave  puts `prior` back if what was
 *   swapped in is still current, else changes nothing and returns `false`
 * @property {(value: unknown) => void} enter  replaces it for the rest of the running callback.
 *   Directly after `current()`
 */

/**
 * A scope that is open.
 *
 * @typedef {object} Scope
 * @property {unknown} frame  what is current in it
 * @property {unknown} closer  the frame that closes it when it is left
 * @property {Scope | null} outer  what is open without it
 */

/**
 * What an engine may have. What it lacks is false, or is not needed on it.
 *
 * @typedef {object} EngineOptions
 * @property {boolean} [layered]  the host's own AsyncLocalStorage carries the frames, so the host's
 *   classes are faster than ours
 * @property {boolean} [nativeReaders]  native code looks for stores where this engine carries them
 * @property {(value: unknown) => void} [swapBack]  what `swap` does, with less of the stack
 * @property {{ innermost: Scope }} [scopes]  the open scopes; an engine with `openScope` has them.
 *   Whoever leaves one in `finally`, where the stack may be used up, writes their fields instead of
 *   calling a verb
 * @property {(value: unknown) => Scope} [openScope]  begins a scope in which `value` is current,
 *   and returns what `closeScope` is given. For an engine on which `swap` there and back does not
 *   undo all that is entered in between. Directly after `current()`
 * @property {(resource: object) => Scope} [openResource]  the same with a resource's own frame
 * @property {(outer: Scope) => void} [closeScope]  ends such a scope, whatever is open in it, as
 *   writing `outer` to `scopes.innermost` does
 * @property {<A, T>(type: string, options: import('node:async_hooks').AsyncResourceOptions,
 *   frame: unknown, fn: (argument: A) => T, argument: A) => T} [runInResource]  calls
 *   `fn(argument)` in a new async resource in which `frame` is current, in less time than a `swap`
 *   within its scope takes. After `install()`
 * @property {() => number} [entries]  how often `enter` was called. For an engine on which `enter`
 *   may reach the next callback of the same resource, and for whoever runs many callbacks in one
 */

/** @typedef {EngineVerbs & EngineOptions & { refused?: Record<string, string> }} Engine */

/**
 * Best first. Each is loaded only when its turn comes, and says why it cannot run here.
 *
 * @type {Record<string, () => Engine | string>}
 */
const factories = {
  'frame': () => require('./frame.js').create(),
  'slot-hooks': () => {
    const slot = fromExtras(); // first, because Node 20 has none
    return typeof slot === 'string' ? slot : require('./slot-hooks.js').create(slot);
  },
  'hooks': () => require('./hooks/index.js').create(),
  'deno': () => require('./deno.js').create(),
  'builtin': () => require('./builtin.js').create(),
};

// Forces a choice. For tests and for finding out whether an engine is at fault.
const VARIABLE = 'ASYNC_HOOKS_RS_ENGINE';

const OTHER_HOST = 'it relies on how another host works inside';

/** @returns {Engine} */
function choose() {
  const forced = variable(VARIABLE);
  if (forced !== undefined && forced !== '') {
    if (!Object.hasOwn(factories, forced)) {
      throw engineUnknown(VARIABLE, forced, Object.keys(factories));
    }
    const engine = candidates().includes(forced) ? factories[forced]() : OTHER_HOST;
    if (typeof engine === 'string') throw engineUnavailable(VARIABLE, forced, engine);
    return { ...engine, reason: `forced by ${VARIABLE}`, refused: {} };
  }
  /** @type {Record<string, string>} */
  const refused = {};
  for (const name of candidates()) {
    const engine = factories[name]();
    if (typeof engine !== 'string') return { ...engine, refused };
    refused[name] = engine;
  }
  throw noEngine(refused.builtin);
}

// The engines before `deno` rely on how Node works inside, and `deno` on how Deno does.
function candidates() {
  if (process.versions.bun) return ['builtin'];
  if (process.versions.deno) return ['deno', 'builtin'];
  return Object.keys(factories).filter((name) => name !== 'deno');
}

/** @type {Engine} */
const engine = sharedEngine() ?? shareEngine(choose());

/**
 * Looks for native code that reads stores where the engine carries them. Each copy of the package
 * looks for itself: the engine is shared, what it is given to carry is not.
 */
function watchReaders() {
  // Loaded here, because most engines need none of it.
  if (engine.nativeReaders) require('./readers.js').watch();
}

/** What carries the context in this thread, and why. For diagnosis. */
function describe() {
  const { addon, refusal } = loadAddon();
  return {
    name: engine.name,
    reason: engine.reason,
    slot: engine.slot,
    refused: { ...engine.refused },
    native: { loaded: addon !== undefined, code: refusal?.code, reason: refusal?.message },
  };
}

module.exports = { engine, describe, watchReaders };
