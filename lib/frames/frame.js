'use strict';

// A frame is one node of an immutable linked list: the store of one storage, on top of the frame
// that was current before. The current frame is all that a continuation has to carry. A storage is
// an AsyncLocalStorage or a Variable of AsyncContext.
//
// - Entering a scope pushes one node, leaving it puts the previous node itself back, so a scope
//   costs one small object however many storages are in use.
// - A node's key is a token (StorageKey), not the storage: `disable()` takes a new token, which
//   ends every frame with the old one at once, and no frame keeps a storage alive.
// - A node remembers the node its last look-up ended at (`memo`), so a read costs the same at any
//   depth. It may be written to a shared frame at any time: it only repeats what the list says.
//
// Where V8's continuation slot is shared with Node (engine `frame`), Node's own AsyncLocalStorage
// keeps an AsyncContextFrame there, a Map from storage to store. So a frame quacks like such a Map
// (`get`, `has`, `disable`, iteration) with one entry, FRAMES to itself: Node copies that entry
// into the Map it makes next, which is how ours survives there. MixedFrame (mixed-frame.js) is the
// reverse: a Map with our list and a copy of what it was pushed onto.

const { inspect } = require('node:util');
const { FRAMES, ABSENT, MixedFrame, sameEntries, untouched } = require('./mixed-frame.js');

/** @typedef {StorageKey} Key */
/**
 * @typedef {any} Raw  what an engine carries: undefined, a frame of this or another copy of the
 *   package, or whatever the host has there, with no type in common
 */

// A longer list is compacted: shadowed entries and those of disabled or collected storages go.
const LENGTH_BEFORE_COMPACTION = 24;

// What a frame's entry is of. One per storage, a new one after each `disable()`.
class StorageKey {
  // The storage is disabled or collected, so nobody can ask for the entry any more.
  dead = false;
}

// Frames must not keep a storage alive, and a WeakRef would for the rest of the running job.
const collected = new FinalizationRegistry((life) => {
  life.key.dead = true;
});

// Ends the key of a storage when the storage is collected. A record of its own for each storage, in
// which the key can change: unregistering the old key needs a table that never shrinks.
class StorageLife {
  /**
   * @param {object} storage
   * @param {StorageKey} key
   */
  constructor(storage, key) {
    this.key = key;
    collected.register(storage, this);
  }

  /** Ends the present key and returns the next. */
  renew() {
    this.key.dead = true;
    this.key = new StorageKey();
    return this.key;
  }
}

class Frame {
  /**
   * @param {StorageKey} key
   * @param {unknown} value
   * @param {Frame | undefined} parent
   * @param {number} depth
   */
  constructor(key, value, parent, depth) {
    this.key = key;
    this.value = value;
    this.parent = parent;
    this.depth = depth;
    /** @type {Frame | undefined} */
    this.memo = undefined;
  }

  /** @param {unknown} key */
  get(key) {
    return key === FRAMES ? this : undefined;
  }

  /** @param {unknown} key */
  has(key) {
    return key === FRAMES;
  }

  // Node calls this for a storage of its own, none of which is in here.
  disable() {}

  *[Symbol.iterator]() {
    yield [FRAMES, this];
  }

  // The frame hangs on timers and resources; what users store must not show up in their logs.
  [inspect.custom]() {
    return 'AsyncContextFrame {}';
  }
}

/** @typedef {Frame} FrameList  our list, by its topmost node */
/**
 * What the engine carries, where it is ours: a list is told from a Map by what it lacks.
 *
 * @typedef {(FrameList & { frame?: undefined, made?: undefined, size?: undefined }) | MixedFrame
 *   } Carried
 */

// Whether native code in this thread looks for stores of ours. A field, because the optimizing
// compiler takes one that was never written to for a constant, and a variable it does not.
const mode = { visible: false };

/**
 * From now on every push leaves a Map with an entry for its storage, as Node's class does. Not
 * undone: nobody unloads an addon. Frames from before become Maps at the next push onto them; their
 * own entries stay out of sight, because a frame does not know its storage.
 */
function makeVisible() {
  mode.visible = true;
}

/**
 * The list together with the entries of others. Native readers also find `store` under `storage`.
 *
 * @template {Frame | undefined} L
 * @param {L} list
 * @param {MixedFrame | undefined} foreign
 * @param {object | undefined} storage
 * @param {unknown} store
 * @returns {L | MixedFrame}
 */
function mix(list, foreign, storage, store) {
  if (mode.visible) return new MixedFrame(list, foreign, storage, store);
  return foreign === undefined ? list : new MixedFrame(list, foreign);
}

/**
 * A frame has a depth, nothing else that may be in the slot has one. A property test and not
 * `instanceof`, because another copy of the package brings another Frame class.
 *
 * @param {Raw} raw
 * @returns {raw is Frame}
 */
function isFrame(raw) {
  return raw.depth !== undefined;
}

/**
 * Our list in a raw value, which is undefined, a frame, or something of Node's.
 *
 * @param {Raw} raw
 */
function unwrap(raw) {
  if (raw === undefined || raw === null) return undefined;
  if (isFrame(raw)) return raw;
  if (raw.frame !== undefined) return raw.frame;
  return typeof raw.get === 'function' ? raw.get(FRAMES) : undefined;
}

/**
 * The raw value itself if it has entries besides our list; undefined if a bare list will do.
 *
 * @param {Raw} raw
 */
function foreignPart(raw) {
  if (raw === undefined || raw === null || isFrame(raw)) return undefined;
  if (typeof raw.get !== 'function') return undefined;
  return raw.size === (raw.has(FRAMES) ? 1 : 0) ? undefined : raw;
}

/**
 * @param {Frame | undefined} parent
 * @param {StorageKey} key
 * @param {unknown} value
 */
function pushFrame(parent, key, value) {
  if (parent === undefined) return new Frame(key, value, undefined, 0);
  // The same storage again: its entry is replaced, so that enterWith() in a loop grows nothing.
  if (parent.key === key) return new Frame(key, value, parent.parent, parent.depth);
  if (parent.depth >= LENGTH_BEFORE_COMPACTION) {
    parent = compacted(parent);
    if (parent === undefined) return new Frame(key, value, undefined, 0);
  }
  return new Frame(key, value, parent, parent.depth + 1);
}

/**
 * What the engine has to carry after `key` got `value` on top of `raw`. `storage` is what native
 * code knows the key by: Node's class has the storage itself as the key.
 *
 * @param {Raw} raw
 * @param {StorageKey} key
 * @param {unknown} value
 * @param {object} [storage]
 * @returns {Carried}
 */
function push(raw, key, value, storage) {
  if (!mode.visible) {
    if (raw === undefined) return new Frame(key, value, undefined, 0);
    if (raw !== null && isFrame(raw)) return pushFrame(raw, key, value);
  }
  return pushMixed(raw, key, value, storage);
}

/**
 * A function of its own, because the compiler inlines a limited amount of code into run().
 *
 * @param {Raw} raw
 * @param {StorageKey} key
 * @param {unknown} value
 * @param {object} [storage]
 */
function pushMixed(raw, key, value, storage) {
  return mix(pushFrame(unwrap(raw), key, value), foreignPart(raw), storage, value);
}

/**
 * The list without the entries that nobody can read any more. Made once for a list, because many
 * scopes may be entered on the same one. If more entries than the limit are alive, the depth starts
 * below zero, so that the next compaction comes after as many pushes again.
 *
 * @param {Frame} list
 * @returns {Frame | undefined}
 */
function compacted(list) {
  if (compactedLists.has(list)) return compactedLists.get(list);
  const alive = new Map();
  let frame = /** @type {Frame | undefined} */ (list);
  for (; frame !== undefined; frame = frame.parent) {
    const { key } = frame;
    if (!alive.has(key) && !key.dead) alive.set(key, frame.value);
  }
  const entries = [...alive];
  let depth = LENGTH_BEFORE_COMPACTION - Math.max(LENGTH_BEFORE_COMPACTION, 2 * entries.length);
  let result;
  for (let i = entries.length - 1; i >= 0; i--) {
    result = new Frame(entries[i][0], entries[i][1], result, depth++);
  }
  compactedLists.set(list, result);
  return result;
}

const compactedLists = new WeakMap();

/**
 * The store of `key` in `raw`, or `absent`. The slow half of getStore().
 *
 * @param {Raw} raw
 * @param {StorageKey} key
 * @param {unknown} [absent]
 * @returns {unknown}
 */
function lookup(raw, key, absent) {
  const top = unwrap(raw);
  if (top === undefined) return absent;
  const entry = find(top, key);
  if (entry === undefined) return absent;
  top.memo = entry;
  if (raw.frame === top) raw.memo = entry;
  return entry.value;
}

/**
 * @param {Frame | undefined} frame
 * @param {StorageKey} key
 */
function find(frame, key) {
  while (frame !== undefined && frame.key !== key) frame = frame.parent;
  return frame;
}

/**
 * The list without any entry of `key`; itself if there was none.
 *
 * @param {Frame | undefined} list
 * @param {StorageKey} key
 */
function without(list, key) {
  if (find(list, key) === undefined) return list;
  const kept = [];
  for (let frame = list; frame !== undefined; frame = frame.parent) {
    if (frame.key !== key) kept.push(frame);
  }
  let rest;
  while (kept.length > 0) rest = rebased(/** @type {Frame} */ (kept.pop()), rest);
  return rest;
}

/**
 * @param {Frame} frame
 * @param {Frame | undefined} parent
 */
function rebased(frame, parent) {
  if (frame.parent === parent) return frame;
  return new Frame(frame.key, frame.value, parent, parent === undefined ? 0 : parent.depth + 1);
}

/**
 * What the engine has to carry after the scope of `entered` is left while something else is
 * current: what other storages did since stays, the storage's own entry is what it was before.
 *
 * `before` was current when the scope was entered, `now` is current, `key` is the storage's key at
 * that time and `keyNow` its key now: they differ after `disable()`, and then nothing comes back.
 *
 * @param {Raw} now
 * @param {Raw} before
 * @param {StorageKey} key
 * @param {StorageKey} keyNow
 * @param {object | undefined} storage
 */
function restore(now, before, key, keyNow, storage) {
  const list = unwrap(now);
  const previous = unwrap(before);
  let rest;
  if (skip(list, key, keyNow) === skip(previous, key, keyNow)) {
    // Nothing but own entries came on top: the previous list itself, with what it remembers.
    rest = previous;
  } else {
    rest = without(without(list, key), keyNow);
    const entry = keyNow === key ? find(previous, key) : undefined;
    if (entry !== undefined) rest = pushFrame(rest, key, entry.value);
  }
  const foreign = foreignPart(now);
  const foreignBefore = foreignPart(before);
  if (rest === previous && sameEntries(foreign, foreignBefore, storage)) return before;
  const seen = keyNow === key && foreignBefore?.has(storage) ? foreignBefore.get(storage) : ABSENT;
  return mix(rest, foreign, storage, seen);
}

/**
 * `raw` without an entry of `key`; `raw` itself if it had none.
 *
 * @param {Raw} raw
 * @param {StorageKey} key
 * @param {object | undefined} storage
 */
function drop(raw, key, storage) {
  const list = unwrap(raw);
  const rest = without(list, key);
  if (rest === list) return raw;
  return mix(rest, foreignPart(raw), storage, ABSENT);
}

/**
 * The list below its topmost entries of the two keys.
 *
 * @param {Frame | undefined} frame
 * @param {StorageKey} key
 * @param {StorageKey} keyNow
 */
function skip(frame, key, keyNow) {
  while (frame !== undefined && (frame.key === key || frame.key === keyNow)) frame = frame.parent;
  return frame;
}

module.exports = {
  FRAMES,
  StorageKey,
  StorageLife,
  isFrame,
  makeVisible,
  push,
  lookup,
  restore,
  drop,
  untouched,
};
