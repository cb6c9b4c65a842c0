'use strict';

// The context of the running code, of the built-in class and of ours alike: captured, compared, and
// entered around a function. Where Node (or Deno) carries V8's slot, it is the value of the slot.
// Elsewhere an AsyncResource carries both kinds.

const { isMap } = require('node:util').types;
const { executionAsyncResource } = require('../node/async-hooks.js');
const { AsyncResource } = require('../async-resource.js');
const { engine } = require('../engine/index.js');
const { fromFrameClass } = require('../engine/slot.js');
const { isFrame } = require('../frames/frame.js');

const { apply } = Reflect;
const { values } = Map.prototype;

// Of a native object: the context in which the addon made it, where resources.js carries it.
const CONTEXT = Symbol('async-hooks-rs.context');

/**
 * @typedef {object} Contexts
 * @property {() => any} capture  the context of the running code
 * @property {() => boolean} isNone  whether no storage has a store in the running code
 * @property {(context: any) => boolean} isCurrent  whether the running code is in a captured one
 * @property {() => boolean} isOfNativeObject  whether the context may be what Node or the hook has
 *   made current for a native object
 * @property {boolean} correctsUnknown  whether such a context is corrected also where nobody knows
 *   if JavaScript has entered it
 * @property {(context: any, fn: Function, receiver: unknown, args: unknown[]) => unknown} call
 *   calls the function in the context
 */

/** @typedef {[key: symbol, store: unknown][]} Stores  of the built-in class */

/**
 * The accessors of the slot, where the contexts of both classes are in it.
 *
 * @returns {Pick<import('../engine/slot.js').Slot, 'get' | 'set'> | undefined}
 */
function findSlot() {
  if (engine.name === 'frame' || engine.name === 'deno') {
    return { get: engine.current, set: engine.swap };
  }
  if (engine.name !== 'builtin' || process.versions.bun || process.versions.deno) return undefined;
  const slot = fromFrameClass();
  return typeof slot === 'string' ? undefined : slot;
}

const slot = findSlot();

/**
 * After a run() of Node's class outside of every context there is a Map with `undefined` in it.
 *
 * @param {unknown} value
 */
function isEmpty(value) {
  if (value === undefined || value === null) return true;
  if (isFrame(value) || !isMap(value)) return false;
  for (const store of apply(values, value, [])) if (store !== undefined) return false;
  return true;
}

/** What the hook has entered for the running callback. */
function enteredByHook() {
  try {
    return /** @type {any} */ (executionAsyncResource())?.[CONTEXT];
  } catch {
    return undefined; // the addon's resource is a proxy
  }
}

/**
 * @param {Pick<import('../engine/slot.js').Slot, 'get' | 'set'>} slot
 * @returns {Contexts}
 */
function ofSlot({ get, set }) {
  return {
    capture: get,
    isNone: () => isEmpty(get()),
    isCurrent: (context) => get() === context,
    isOfNativeObject: () => enteredByHook() === get(),
    correctsUnknown: true,
    call(context, fn, receiver, args) {
      const prior = get();
      set(context);
      try {
        return apply(fn, receiver, args);
      } finally {
        set(prior);
      }
    },
  };
}

/**
 * Node's class keeps each store under a symbol of its storage: on the resource, or from Node 24 on
 * in one object there. Bun's and Deno's keep them where nobody sees them.
 *
 * @returns {Stores}
 */
function builtInStores() {
  const resource = /** @type {any} */ (executionAsyncResource() ?? {});
  const inOne = Object.getOwnPropertySymbols(resource).find(
    (symbol) => symbol.description === 'kAsyncLocalStorageContext',
  );
  const holder = inOne === undefined ? resource : (resource[inOne] ?? {});
  return Object.getOwnPropertySymbols(holder)
    .filter((symbol) => symbol.description === 'kResourceStore' && holder[symbol] !== undefined)
    .map((symbol) => [symbol, holder[symbol]]);
}

/**
 * @param {Stores} one
 * @param {Stores} other
 */
const areSame = (one, other) =>
  one.length === other.length &&
  one.every(([key, value]) => other.some((entry) => entry[0] === key && entry[1] === value));

/** @returns {Contexts} */
function ofResources() {
  const { current } = engine;
  return {
    capture: () => ({
      frame: current(),
      stores: builtInStores(),
      resource: new AsyncResource('NATIVECALLBACK'),
    }),
    isNone: () => current() === undefined && builtInStores().length === 0,
    isCurrent: ({ frame, stores }) => current() === frame && areSame(builtInStores(), stores),
    isOfNativeObject: () => true,
    correctsUnknown: false,
    call: ({ resource }, fn, receiver, args) => resource.runInAsyncScope(fn, receiver, ...args),
  };
}

module.exports = {
  CONTEXT,
  slot,
  enteredByHook,
  contexts: slot === undefined ? ofResources() : ofSlot(slot),
};
