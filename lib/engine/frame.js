'use strict';

// Engine `frame`: V8 carries the slot through promises, Node (its AsyncContextFrame) through
// everything else. Nothing costs anything per callback.
// On Node 24 and later by default, on Node 22 with --experimental-async-context-frame.

// As a whole: reading its getter AsyncLocalStorage is what switches AsyncContextFrame on.
const asyncHooks = require('../node/async-hooks.js');
const { fromFrameClass, fromExtras, makesFrames, leaveSlot, selfTest } = require('./slot.js');

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (typeof asyncHooks.AsyncLocalStorage !== 'function') return 'no built-in AsyncLocalStorage';
  /** @type {string | undefined} */
  let reason;
  for (const find of [fromFrameClass, fromExtras]) {
    const slot = find();
    if (typeof slot === 'string') {
      reason ??= slot;
      continue;
    }
    const storage = new asyncHooks.AsyncLocalStorage();
    if (!makesFrames(storage)) return "Node's AsyncContextFrame is switched off";
    reason = selfTest(slot, storage);
    if (reason === undefined) return engine(slot);
  }
  return /** @type {string} */ (reason); // there is one, or the loop has returned
}

/** @param {import('./slot.js').Slot} slot */
function engine({ get, set, via }) {
  let installed = false;
  return {
    name: 'frame',
    reason: "Node carries V8's continuation slot through every asynchronous operation",
    slot: via,
    nativeReaders: true,
    current: get,
    swap: set,
    leave: leaveSlot(get, set),
    enter: set,
    install() {
      if (installed) return;
      installed = true;
      require('../node/exceptions.js').onSurvived(() => set(undefined));
    },
  };
}

module.exports = { create };
