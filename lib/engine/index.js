'use strict';

// The one place that chooses what carries the current frame. It goes by what the host is seen to
// do, never by version numbers. How each engine works is described in lib/engine/README.md.

const { AsyncResource } = require('../node/async-hooks.js');
const { engineUnknown, engineUnavailable, noEngine } = require('../errors/context.js');
const { variable } = require('../node/environment.js');
const { native } = require('../package/addon.js');
const { SHARED } = require('../node/shared.js');

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} reason  why this one, for engine()
 * @property {Record<string, string>} [refused]  why none of those that are better, for engine()
 * @property {string | undefined} slot  how V8's slot is reached, for engine()
 * @property {() => unknown} current  what is carried now: `undefined`, a frame, or Node's frame
 * @property {(value: unknown) => void} swap  replaces it; the caller puts the previous value back
 *   before the running callback ends. Directly after `current()`, with no user code in between
 * @property {(entered: unknown, prior: unknown) => boolean} leave  puts `prior` back if what was
 *   swapped in is still current, else changes nothing and returns false
 * @property {(value: unknown) => void} enter  replaces it for the rest of the running callback.
 *   Directly after `current()`
 * @property {() => number} [entries]  where `enter` may reach the next callback of the same
 *   resource: how often it was called. For whoever runs many callbacks in one resource
 * @property {() => void} install  called before anything is replaced; loading alone costs nothing
 * @property {(value: unknown) => object} [openScope]  where `swap` there and back is not enough to
 *   undo all that is entered in between: begins such a scope, directly after `current()`, and
 *   returns what ends it
 * @property {(resource: object) => object} [openResource]  the same with a resource's own frame
 * @property {(outer: object) => void} [closeScope]  ends it
 */

// Best first. Each is loaded only when its turn comes.
const factories = {
  'frame': () => require('./frame.js').create(),
  'slot-hooks': () => require('./slot-hooks.js').create(),
  'hooks': () => require('./hooks.js').create(),
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
  const refused = {};
  for (const name of candidates()) {
    const engine = factories[name]();
    if (typeof engine !== 'string') return { ...engine, refused };
    refused[name] = engine;
  }
  throw noEngine(refused.builtin);
}

// The others rely on how Node works inside.
function candidates() {
  if (process.versions.bun) return ['builtin'];
  if (process.versions.deno) return ['deno', 'builtin'];
  return Object.keys(factories).filter((name) => name !== 'deno');
}

/** @type {Engine} */
const engine = AsyncResource[SHARED] ?? share(choose());

function share(chosen) {
  Object.defineProperty(AsyncResource, SHARED, {
    __proto__: null, value: chosen, enumerable: false, writable: false, configurable: false,
  });
  return chosen;
}

/** What carries the context in this thread, and why. For diagnosis. */
function describe() {
  const { addon, reason } = native();
  return {
    name: engine.name,
    reason: engine.reason,
    slot: engine.slot,
    refused: { ...engine.refused },
    native: { loaded: addon !== undefined, reason },
  };
}

module.exports = { engine, describe };
