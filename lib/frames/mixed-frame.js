'use strict';

// The value of V8's slot where Node has entries beside our list, or where native code reads our
// stores. It is a real Map: profilers and watchdogs read the slot from a signal handler or another
// thread, and expect a Map with an entry for a storage. Where the slot holds our list alone, a
// Frame (frame.js) is enough.
//
// The rules of a Map in the slot:
// - It has the entry FRAMES -> list if, and only if, there is a list. The entry is a real one, so
//   Node's own copy takes it along.
// - No Map has the list of another one: the constructor skips the entry under FRAMES.
// - It is written to by its constructor, before it is current, and after that by Node's `disable()`
//   and by native code. No two values share a Map, so a change is seen where that Map is current.
// - Where stores are visible (makeVisible() in frame.js) and `map` has an entry for a storage of
//   ours, `map.get(storage) === storage.getStore()`, until the storage is disabled: as in Node's
//   class, that ends the entry in the Map that is current, and in no other.

/** @typedef {import('./frame.js').FrameList} FrameList */

const { inspect } = require('node:util');

// Registered, so that copies of the package and copies evaluated in other realms (vm contexts,
// jest) find each other's list in the slot.
const FRAMES = Symbol.for('async-hooks-rs.frames');

// In place of a store: there is no entry.
const ABSENT = Symbol('absent');

const METHODS = ['get', 'set', 'has', 'delete', 'size', Symbol.iterator];

class MixedFrame extends Map {
  /**
   * @param {FrameList | undefined} list  undefined when every scope of ours was left
   * @param {Iterable<[unknown, unknown]>} [entries]  Node's, and those of storages of ours that
   *   are visible
   * @param {object} [storage]  whose entry is `store` from now on
   * @param {unknown} [store]  or ABSENT
   */
  constructor(list, entries, storage, store) {
    super();
    // Those of the list's top, so that read() (context/scope.js) finds a store here as on a Frame.
    this.key = list === undefined ? undefined : list.key;
    this.value = list === undefined ? undefined : list.value;
    this.memo = list === undefined ? undefined : list.memo;
    this.frame = list;
    this.made = 0;
    if (entries !== undefined) {
      // Quicker than `super(entries)` by half. No destructuring: it calls the iterator of arrays.
      for (const entry of entries) if (entry[0] !== FRAMES) this.set(entry[0], entry[1]);
    }
    if (storage !== undefined) {
      if (store === ABSENT) this.delete(storage);
      else this.set(storage, store);
    }
    if (list !== undefined) this.set(FRAMES, list);
    this.made = this.size; // how many entries untouched() expects
  }

  /**
   * Node calls this for a storage of its own.
   *
   * @param {unknown} storage
   */
  disable(storage) {
    this.delete(storage);
  }

  // The frame hangs on timers and resources; what users store must not show up in their logs.
  [inspect.custom]() {
    return 'AsyncContextFrame {}';
  }
}

// Map's methods as they are now: a later replacement runs neither in here nor where Node copies the
// Map. Node's own frame class does the same.
for (const name of METHODS) {
  Object.defineProperty(
    MixedFrame.prototype,
    name,
    /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Map.prototype, name)),
  );
}
Object.setPrototypeOf(MixedFrame.prototype, null);

/**
 * Whether nothing was deleted from the value that a scope entered and is about to leave. Node
 * deletes an entry when its storage is disabled, and that must last beyond the scope. A value that
 * native code has put in place of an entry ends with the scope.
 *
 * @param {import('./frame.js').Carried} entered
 */
function untouched(entered) {
  return entered.made === undefined || entered.made === entered.size;
}

/**
 * Whether two values have the same entries but for our list and the entry of `storage`. Native code
 * may have written into either, so the values are compared, too.
 *
 * @param {MixedFrame | undefined} one
 * @param {MixedFrame | undefined} other
 * @param {unknown} storage
 */
function sameEntries(one, other, storage) {
  return one === other || (includes(one, other, storage) && includes(other, one, storage));
}

/**
 * @param {MixedFrame | undefined} map
 * @param {MixedFrame | undefined} entries
 * @param {unknown} storage
 */
function includes(map, entries, storage) {
  if (entries === undefined) return true;
  for (const entry of entries) {
    const key = entry[0];
    if (key === FRAMES || key === storage) continue;
    if (map === undefined || !map.has(key) || map.get(key) !== entry[1]) return false;
  }
  return true;
}

module.exports = { FRAMES, ABSENT, MixedFrame, untouched, sameEntries };
