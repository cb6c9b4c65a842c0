'use strict';

// V8's continuation slot: the value that V8 itself saves with every promise reaction and puts back
// when the reaction runs. On Node two ways lead to it, both at about 1 ns a call; Deno's is in
// deno.js. On either way selfTest() decides whether the host's own frames and ours can share the
// slot.

// As a whole: reading its getter AsyncLocalStorage is what switches frames on.
const asyncHooks = require('../node/async-hooks.js');
const { StorageKey, push, lookup } = require('../frames/frame.js');
const { loadAddon } = require('../package/addon.js');

/**
 * @typedef {object} Slot
 * @property {() => unknown} get
 * @property {(value: unknown) => void} set
 * @property {string} via  how the slot is reached, for engine()
 */

const UNREACHABLE = "V8's continuation slot cannot be reached, or Node does not carry it";
const NO_ACCESS = 'V8 gives no access to its continuation slot';

/**
 * The symbol under which an AsyncResource keeps the frame it was made in. Node 20 has none, and its
 * V8 keeps the slot where JavaScript cannot reach it.
 *
 * @param {object} resource
 */
function frameSymbol(resource) {
  return Object.getOwnPropertySymbols(resource).find(
    ({ description }) => description === 'context_frame',
  );
}

/**
 * The slot in plain JavaScript: a frame made by the built-in AsyncLocalStorage is an instance of
 * Node's AsyncContextFrame, whose static functions are V8's accessors. Needs no addon, works with
 * --no-addons and --permission. A string says why there are none.
 *
 * @returns {Slot | string}
 */
function fromFrameClass() {
  const sample = new asyncHooks.AsyncResource('async-hooks-rs');
  const symbol = frameSymbol(sample);
  if (symbol === undefined) return UNREACHABLE;
  const storage = new asyncHooks.AsyncLocalStorage();
  if (!makesFrames(storage)) return UNREACHABLE;
  // In the sample's scope, because a bare run() leaves a frame behind in the caller's.
  const made = sample.runInAsyncScope(() =>
    storage.run(sample, () => new asyncHooks.AsyncResource('async-hooks-rs')),
  );
  const { current, set } = /** @type {any} */ (made)[symbol]?.constructor ?? {};
  if (typeof current !== 'function' || typeof set !== 'function') return UNREACHABLE;
  return { get: current, set, via: 'node-frame-class' };
}

/**
 * The slot through V8's own accessor functions, found and proved by the addon: also where Node
 * makes no frames. A string says why there are none.
 *
 * @returns {Slot | string}
 */
function fromExtras() {
  if (frameSymbol(new asyncHooks.AsyncResource('async-hooks-rs')) === undefined) {
    return NO_ACCESS;
  }
  const { addon, refusal } = loadAddon();
  if (addon === undefined) return `${NO_ACCESS}: ${refusal.message}`;
  try {
    const extras = addon.slotAccessors();
    return {
      get: extras.getContinuationPreservedEmbedderData,
      set: extras.setContinuationPreservedEmbedderData,
      via: 'v8-extras',
    };
  } catch (error) {
    return `${NO_ACCESS}: ${/** @type {Error | undefined} */ (error)?.message}`;
  }
}

/**
 * Whether the built-in AsyncLocalStorage is the one that uses frames. The other one has a property
 * `enabled`, and tracks promises once it is enabled, on Node 24 from its constructor on.
 *
 * @param {import('node:async_hooks').AsyncLocalStorage<unknown>} storage
 */
function makesFrames(storage) {
  if (!('enabled' in storage)) return true;
  storage.disable();
  return false;
}

/**
 * The `leave` of the engines that keep the frame in the slot.
 *
 * @param {Slot['get']} get
 * @param {Slot['set']} set
 * @returns {(entered: unknown, prior: unknown) => boolean}
 */
function leaveSlot(get, set) {
  return (entered, prior) => {
    if (get() !== entered) return false;
    set(prior);
    return true;
  };
}

/**
 * Proves that the host carries what is in the slot, and that its built-in storages and our frames
 * keep each other. Returns what failed, so that another engine is taken, and never throws. Leaves
 * the slot as it was.
 *
 * @param {Pick<Slot, 'get' | 'set'>} slot  as the engine would use it
 * @param {import('node:async_hooks').AsyncLocalStorage<unknown>} storage  of the host
 * @param {Pick<Slot, 'get' | 'set'>} [raw]  the host's own accessors, where the engine translates
 */
function selfTest(slot, storage, raw = slot) {
  try {
    const before = raw.get();
    try {
      slot.get(); // what is there now can be read, too
      return whatFails(slot, storage);
    } finally {
      raw.set(before);
    }
  } catch (error) {
    return `the self-test threw: ${/** @type {Error | undefined} */ (error)?.message}`;
  }
}

/**
 * @param {Pick<Slot, 'get' | 'set'>} slot
 * @param {import('node:async_hooks').AsyncLocalStorage<unknown>} storage
 */
function whatFails({ get, set }, storage) {
  const key = new StorageKey();
  const frame = push(undefined, key, 'ours');
  set(frame);
  if (get() !== frame) return 'the slot does not keep what is written to it';
  const resource = new asyncHooks.AsyncResource('async-hooks-rs');
  set(undefined);
  const carried = resource.runInAsyncScope(() => lookup(get(), key));
  if (carried !== 'ours') return 'the host does not carry the slot';
  if (get() !== undefined) return 'the host does not put the slot back';
  set(frame);
  const seen = storage.run('theirs', () => {
    const outer = [storage.getStore(), lookup(get(), key)];
    set(push(get(), key, 'inner'));
    const inner = [storage.getStore(), lookup(get(), key)];
    // Once more, because the first copy was of a frame alone, and this one is of both.
    const again = storage.run('again', () => [storage.getStore(), lookup(get(), key)]);
    return [...outer, ...inner, ...again, storage.getStore(), lookup(get(), key)];
  });
  if (seen.join() !== 'theirs,ours,theirs,inner,again,inner,theirs,inner') {
    return "the host's frames do not keep ours";
  }
  return undefined;
}

module.exports = { fromFrameClass, fromExtras, makesFrames, leaveSlot, selfTest };
