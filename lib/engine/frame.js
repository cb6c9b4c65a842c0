'use strict';

// Engine `frame`: V8 carries the slot through promises, Node (its AsyncContextFrame) through
// everything else. Nothing is installed and nothing costs anything per callback.
// On Node 24 and later by default, on Node 22 with --experimental-async-context-frame.

// Whole, because its getter AsyncLocalStorage is what switches frames on.
const asyncHooks = require('node:async_hooks');
const { fromFrameClass, fromExtras, makesFrames, leaveSlot } = require('./slot.js');

/** The engine, or a string that says why it cannot run here. */
function create() {
  // This getter is what switches AsyncContextFrame on.
  if (typeof asyncHooks.AsyncLocalStorage !== 'function') return 'no built-in AsyncLocalStorage';
  const slots = [fromFrameClass, fromExtras];
  let reason = 'V8\'s continuation slot cannot be reached, or Node does not carry it';
  for (const find of slots) {
    const slot = find();
    if (slot === undefined) continue;
    const failure = selfTest(slot);
    if (failure === undefined) return engine(slot);
    reason = failure;
  }
  return reason;
}

function engine({ get, set, via }) {
  return {
    name: 'frame',
    reason: 'Node carries V8\'s continuation slot through every asynchronous operation',
    slot: via,
    current: get,
    swap: set,
    leave: leaveSlot(get, set),
    enter: set,
    install() {},
  };
}

// Proves what the engine relies on; returns what failed. Leaves the slot as it was.
function selfTest({ get, set }) {
  const before = get();
  const storage = new asyncHooks.AsyncLocalStorage();
  if (!makesFrames(storage)) return 'Node\'s AsyncContextFrame is switched off';
  try {
    const marker = new Marker();
    set(marker);
    if (get() !== marker) return 'the slot does not keep what is written to it';
    const resource = new asyncHooks.AsyncResource('async-hooks-rs');
    set(undefined);
    if (resource.runInAsyncScope(get) !== marker) return 'Node does not carry the slot';
    if (get() !== undefined) return 'Node does not put the slot back';
    // Coexistence: a built-in storage must read and write over our frame, and keep it.
    set(marker);
    const seen = storage.run('store', () => [storage.getStore(), get().get(marker)]);
    if (seen[0] !== 'store' || seen[1] !== marker) return 'Node\'s frames do not keep ours';
    return undefined;
  } catch (error) {
    return `the self-test threw: ${error.message}`;
  } finally {
    set(before);
  }
}

// The shape of a frame as Node uses it: a Map with one entry, itself.
class Marker {
  get(key) { return key === this ? this : undefined; }
  has(key) { return key === this; }
  disable() {}
  * [Symbol.iterator]() { yield [this, this]; }
}

module.exports = { create };
