'use strict';

// Engine `deno`: V8's continuation slot through the accessors of Deno's own core. Deno carries the
// slot through promises, timers and resources, so nothing is installed and a callback costs nothing
// extra; what Deno runs in no scope is in none here. Deno's AsyncLocalStorage keeps a plain object
// in the slot, from the number of a storage to its entry, and enters a store by copying the own
// properties of that object. So a frame of ours can be in the slot as it is, and Deno's copy of it
// is still a frame, but without the methods.

const asyncHooks = require('../node/async-hooks.js');
const { FRAMES, isFrame } = require('../frames/frame.js');
const { leaveSlot, selfTest } = require('./slot.js');

/** The engine, or a string that says why it cannot run here. */
function create() {
  // The core is no public interface: the next version may have it in another shape.
  try {
    return probe();
  } catch (error) {
    return `Deno's core threw: ${/** @type {Error | undefined} */ (error)?.message}`;
  }
}

function probe() {
  const { getAsyncContext, setAsyncContext } =
    globalThis.Deno?.[globalThis.Deno.internal]?.core ?? {};
  if (typeof getAsyncContext !== 'function' || typeof setAsyncContext !== 'function') {
    return "V8's continuation slot cannot be reached";
  }
  const current = () => {
    const value = getAsyncContext();
    // Frames have methods, Deno's objects have not.
    if (value === undefined || value === null || value.get !== undefined) return value;
    return viewOf(value);
  };
  /** @param {any} value */
  const swap = (value) => {
    if (value === undefined || value === null || isFrame(value)) setAsyncContext(value);
    else setAsyncContext(mappingOf(value));
  };
  const failure = selfTest({ get: current, set: swap }, new asyncHooks.AsyncLocalStorage(), {
    get: getAsyncContext,
    set: setAsyncContext,
  });
  if (failure !== undefined) return failure;
  return {
    name: 'deno',
    reason: "Deno carries V8's continuation slot through promises, timers and resources",
    slot: 'deno-core',
    current,
    swap,
    leave: leaveSlot(current, swap),
    enter: swap,
    install() {},
  };
}

// VIEW leads from an object of Deno's to what stands for it here, MAPPING from there back. VIEW is
// not enumerable, so that Deno does not copy it.
const VIEW = Symbol('async-hooks-rs.view');
const MAPPING = Symbol('async-hooks-rs.mapping');

/** @typedef {Record<PropertyKey, any>} Mapping  an object of Deno's, from numbers to its entries */

/**
 * @param {Mapping} mapping
 * @param {any} view
 */
function pair(mapping, view) {
  Object.defineProperty(mapping, VIEW, { __proto__: null, value: view });
  view[MAPPING] = mapping;
  return view;
}

/** @param {Mapping} mapping */
function viewOf(mapping) {
  return mapping[VIEW] ?? pair(mapping, new DenoContext());
}

/** @param {any} view */
function mappingOf(view) {
  if (view[MAPPING] === undefined) pair(merged(view), view);
  return view[MAPPING];
}

/**
 * The object for a MixedFrame.
 *
 * @param {any} view
 */
function merged(view) {
  /** @type {Mapping} */
  const mapping = { __proto__: null };
  for (const entry of view) mapping[entry[0]] = entry[1];
  return mapping;
}

// Deno's object in the shape of Node's AsyncContextFrame, which frames/frame.js knows.
class DenoContext {
  // Set by pair(), before anybody has the object.
  [MAPPING] = /** @type {Mapping} */ (/** @type {any} */ (undefined));

  /** @param {any} key */
  get(key) {
    const mapping = this[MAPPING];
    if (key !== FRAMES) return mapping[key];
    return mapping[FRAMES] ?? (isFrame(mapping) ? mapping : undefined);
  }

  /** @param {any} key */
  has(key) {
    return this.get(key) !== undefined;
  }

  // Deno ends a storage without looking into the slot.
  disable() {}

  *[Symbol.iterator]() {
    const frame = this.get(FRAMES);
    if (frame !== undefined) yield [FRAMES, frame];
    for (const entry of Object.entries(this[MAPPING])) if (isNumber(entry[0])) yield entry;
  }
}

/**
 * The other keys of a copied frame are its own.
 *
 * @param {any} key
 */
function isNumber(key) {
  return /^\d+$/.test(key);
}

module.exports = { create };
