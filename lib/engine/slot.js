'use strict';

// V8's continuation slot: the value that V8 itself saves with every promise reaction and puts back
// when the reaction runs. Two ways lead to it, both measured at about 1 ns a call.

const { AsyncResource } = require('node:async_hooks');
const asyncHooks = require('node:async_hooks');
const native = require('./native.js');

/**
 * @typedef {object} Slot
 * @property {() => unknown} get
 * @property {(value: unknown) => void} set
 * @property {string} via  how the slot is reached, for engine()
 */

/** V8's own accessor functions, found by the addon; `undefined` without it. */
function fromExtras() {
  if (native.addon === undefined) return undefined;
  try {
    const extras = native.addon.slotAccessors();
    return {
      get: extras.getContinuationPreservedEmbedderData,
      set: extras.setContinuationPreservedEmbedderData,
      via: 'v8-extras',
    };
  } catch {
    return undefined; // Node 20: its V8 keeps the slot elsewhere and has no such functions
  }
}

/**
 * The same through Node's own AsyncContextFrame class, in plain JavaScript: every AsyncResource
 * keeps the frame it was made in under a symbol, and a frame made by the built-in
 * AsyncLocalStorage has that class as its constructor. `undefined` where Node makes no frames.
 */
function fromFrameClass() {
  const sample = new AsyncResource('async-hooks-rs');
  const symbol = Object.getOwnPropertySymbols(sample)
    .find(({ description }) => description === 'context_frame');
  if (symbol === undefined) return undefined;
  const storage = new asyncHooks.AsyncLocalStorage();
  // Where frames are off, run() would switch on the promise hooks of the other implementation.
  if ('enabled' in storage) return undefined;
  // In the sample's scope, because a bare run() leaves a frame behind in the caller's.
  const made = sample.runInAsyncScope(() =>
    storage.run(sample, () => new AsyncResource('async-hooks-rs')));
  const FrameClass = made[symbol]?.constructor;
  if (typeof FrameClass?.current !== 'function' || typeof FrameClass.set !== 'function') {
    return undefined;
  }
  // On Node 22 they are methods that need their receiver, on 24 plain functions.
  return {
    get: () => FrameClass.current(),
    set: (value) => FrameClass.set(value),
    via: 'node-frame-class',
  };
}

/** The `leave` of the engines that keep the frame in the slot. */
function leaveSlot(get, set) {
  return (entered, prior) => {
    if (get() !== entered) return false;
    set(prior);
    return true;
  };
}

module.exports = { fromExtras, fromFrameClass, leaveSlot };
