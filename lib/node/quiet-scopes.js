'use strict';

// Scopes of async resources of ours about which no hook is told. Telling takes Node several times
// as long as everything else about such a scope, and a hook that an engine has enabled has nothing
// to do there: the engine enters the frame itself. Where anybody else has enabled a hook, all hooks
// have to be told, and there are no such scopes.
//
// Node's functions for its stack of async ids, and the counts of its hooks, are read through the
// inspector. Where it is refused, or they are not as expected, there are no such scopes, either.

const { executionAsyncId, executionAsyncResource, AsyncResource } = require('./async-hooks.js');
const internals = require('./internals.js');

const { apply } = Reflect;
const { runInAsyncScope } = AsyncResource.prototype;

/** @typedef {import('node:async_hooks').AsyncResourceOptions} Options */
/** @typedef {any} Resource  with its ids under Node's symbols */

/**
 * What Node's module has.
 *
 * @typedef {object} NodeHooks
 * @property {{ array: any[] }} active  the enabled hooks; the array may be another one each time
 * @property {Uint32Array} counts  among them, how many of the enabled hooks have an `init`
 * @property {number} init  where that is
 * @property {(asyncId: number, triggerAsyncId: number, resource: Resource) => void} push
 * @property {(asyncId: number) => void} pop
 */

// Node's symbols for the ids of whatever it tracks.
const symbols = Object.getOwnPropertySymbols(new AsyncResource('async-hooks-rs'));
const [ASYNC_ID, TRIGGER_ID] = ['async_id_symbol', 'trigger_async_id_symbol'].map(
  (name) => /** @type {symbol} */ (symbols.find(({ description }) => description === name)),
);

const MAIN_SCRIPT = 1; // its async id

// On hooks that need not be told.
const DISPENSABLE = Symbol('async-hooks-rs.dispensable');

/** @type {NodeHooks | undefined} */
let node;
let looked = false;

/**
 * Returns `hook`, which need not be told of such scopes.
 *
 * @param {any} hook
 */
function dispensable(hook) {
  hook[DISPENSABLE] = true;
  return hook;
}

/**
 * Makes an async resource and begins its scope. `undefined` if hooks have to be told, or cannot be
 * passed by: then nothing was done.
 *
 * @param {string} type
 * @param {Options} options  with `requireManualDestroy`, and nobody destroys it
 * @returns {Resource | undefined}
 */
function openQuietly(type, options) {
  if (!looked) look();
  if (node === undefined) return undefined;
  const { counts, init } = node;
  const { array } = node.active;
  for (let i = 0; i < array.length; i++) if (array[i][DISPENSABLE] !== true) return undefined;
  const count = counts[init];
  /** @type {Resource} */
  let resource;
  counts[init] = 0;
  try {
    resource = new AsyncResource(type, options);
  } finally {
    counts[init] = count;
  }
  node.push(resource[ASYNC_ID], resource[TRIGGER_ID], resource);
  return resource;
}

/**
 * Ends the scope.
 *
 * @param {Resource} resource
 */
function closeQuietly(resource) {
  /** @type {NodeHooks} */ (node).pop(resource[ASYNC_ID]);
}

/**
 * Calls `fn()` in the scope of a new async resource, of which hooks are told: where `openQuietly()`
 * has made none.
 *
 * @template T
 * @param {string} type
 * @param {Options} options
 * @param {() => T} fn
 * @returns {T}
 */
function runTold(type, options, fn) {
  return apply(runInAsyncScope, new AsyncResource(type, options), [fn]);
}

function look() {
  looked = true;
  const found = internals.read((closure) => {
    const before = closure(runInAsyncScope, 'emitBefore');
    const after = closure(runInAsyncScope, 'emitAfter');
    return {
      active: closure(before, 'active_hooks'),
      counts: closure(before, 'async_hook_fields'),
      init: closure(before, 'kInit'),
      push: closure(before, 'pushAsyncContext'),
      pop: closure(after, 'popAsyncContext'),
    };
  });
  if (found !== undefined && isAsExpected(found)) node = found;
}

/**
 * Whether the functions do what is expected of them, tried with ids of the main script, of which no
 * resource has to be made.
 *
 * @param {NodeHooks} found
 */
function isAsExpected({ active, counts, init, push, pop }) {
  if (!Array.isArray(active?.array) || !ArrayBuffer.isView(counts)) return false;
  if (counts[init] !== active.array.filter(hasInit).length) return false;
  if (typeof push !== 'function' || typeof pop !== 'function') return false;
  const outerId = executionAsyncId();
  const outer = executionAsyncResource();
  const resource = {};
  push(MAIN_SCRIPT, 0, resource);
  const entered = executionAsyncId() === MAIN_SCRIPT && executionAsyncResource() === resource;
  pop(MAIN_SCRIPT);
  return entered && executionAsyncId() === outerId && executionAsyncResource() === outer;
}

/** @param {any} hook */
function hasInit(hook) {
  return Object.getOwnPropertySymbols(hook).some(
    (symbol) => symbol.description === 'init' && typeof hook[symbol] === 'function',
  );
}

module.exports = { ASYNC_ID, TRIGGER_ID, dispensable, openQuietly, closeQuietly, runTold };
