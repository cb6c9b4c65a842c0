'use strict';

// The contexts of the thread. Each run(), enterWith() or exit() of any storage makes one, on top of
// the one that is current. A storage of Node's own class carries it through everything that carries
// the stores themselves, whichever class the program uses.

const { AsyncLocalStorage } = require('../node/async-hooks.js');
const { how } = require('./event-kinds.js');

// A program may enter a context in each turn of a loop. Longer chains are made short.
const MOST_DEEP = 64;

const { getStore, enterWith } = AsyncLocalStorage.prototype;

/**
 * What carries the current context. It has methods of its own: those of the class are replaced.
 *
 * @type {{ getStore(): Context | undefined, enterWith(context: Context | undefined): void }}
 */
const carrier = Object.defineProperties(/** @type {any} */ (new AsyncLocalStorage()), {
  getStore: { __proto__: null, value: getStore },
  enterWith: { __proto__: null, value: enterWith },
});

let entered = 0;

class Context {
  /** @type {any} */
  #store;
  #isWeak;

  /**
   * @param {number} id
   * @param {import('./storage-records.js').StorageRecord} storage
   * @param {unknown} store
   * @param {Context | undefined} parent
   * @param {number} kind  how it was entered
   */
  constructor(id, storage, store, parent, kind) {
    this.id = id;
    this.storage = storage;
    this.parent = parent;
    this.exited = kind === how.EXIT || store === undefined;
    this.kind = kind;
    /** @type {number} */
    this.depth = parent === undefined ? 1 : parent.depth + 1;
    // All contexts up to this number may be ancestors: the chain was made short above it.
    this.cut = 0;
    // Functions that outlive the context know it; they must not keep its store alive.
    this.#isWeak = (typeof store === 'object' && store !== null) || typeof store === 'function';
    this.#store = this.#isWeak ? new WeakRef(/** @type {object} */ (store)) : store;
    /** Whether reports know its store. */
    this.isShown = false;
    /** @type {Map<number, Set<number>> | undefined} */
    this.instances = undefined;
    /** @type {Context | undefined} in which the function was made that run() was called with */
    this.around = undefined;
  }

  get store() {
    return this.#isWeak ? this.#store.deref() : this.#store;
  }

  /** @param {unknown} value */
  holds(value) {
    // A store that has been collected is nobody's, and not the `undefined` that stands for it.
    if (this.#isWeak) return value !== undefined && this.#store.deref() === value;
    return Object.is(this.#store, value);
  }

  /**
   * The same context, on top of another chain.
   *
   * @param {Context | undefined} parent
   * @param {number} [id]  another one, if the chain does not see the same stores
   */
  onto(parent, id = this.id) {
    const copy = new Context(id, this.storage, undefined, parent, this.kind);
    // As they are: the store may have been collected.
    copy.#store = this.#store;
    copy.#isWeak = this.#isWeak;
    copy.exited = this.exited;
    copy.instances = this.instances;
    copy.around = this.around;
    return copy;
  }
}

/** The current context, if there is one. */
function current() {
  return carrier.getStore();
}

/** @param {Context | undefined} context */
function enter(context) {
  carrier.enterWith(context);
}

/**
 * Enters a new context on top of the current one.
 *
 * @param {import('./storage-records.js').StorageRecord} storage
 * @param {unknown} store
 * @param {number} kind
 */
function push(storage, store, kind) {
  let parent = current();
  if (parent !== undefined && parent.depth >= MOST_DEEP) parent = shortened(parent);
  const context = new Context(++entered, storage, store, parent, kind);
  enter(context);
  return context;
}

/**
 * Leaves a context again. What other storages have entered with enterWith() meanwhile stays
 * entered, as their stores do: in contexts that no longer see the store of the one that is left.
 *
 * @param {Context} left
 * @param {Context | undefined} prior
 * @returns {Context[]} these contexts, the outermost first
 */
function leave(left, prior) {
  const now = current();
  enter(prior);
  if (now === left || now === undefined) return [];
  const kept = [];
  let context = /** @type {Context | undefined} */ (now);
  for (; context !== undefined && context.id !== left.id; context = context.parent) {
    if (context.kind === how.ENTER_WITH && context.storage !== left.storage) kept.push(context);
  }
  // Somebody has entered what is no part of ours.
  if (context === undefined) return [];
  const copies = [];
  for (let onto = prior; kept.length > 0; copies.push(onto)) {
    onto = /** @type {Context} */ (kept.pop()).onto(onto, ++entered);
    enter(onto);
  }
  return copies;
}

/**
 * A chain with one context for each storage, which sees the same stores.
 *
 * @param {Context} context
 */
function shortened(context) {
  /** @type {Context[]} */
  const tops = [];
  const seen = new Set();
  for (let at = /** @type {Context | undefined} */ (context); at !== undefined; at = at.parent) {
    if (seen.has(at.storage)) continue;
    seen.add(at.storage);
    tops.push(at);
  }
  /** @type {Context | undefined} */
  let chain;
  for (const one of tops.reverse()) {
    chain = one.onto(chain);
    chain.cut = context.id;
  }
  return chain;
}

/**
 * The context that says which store a storage has: itself, or an ancestor.
 *
 * @param {Context | undefined} context
 * @param {import('./storage-records.js').StorageRecord} storage
 */
function effective(context, storage) {
  let at = context;
  while (at !== undefined && at.storage !== storage) at = at.parent;
  return at;
}

/**
 * Whether a context is another one, or was entered in it.
 *
 * @param {Context | undefined} context
 * @param {Context} ancestor
 */
function descends(context, ancestor) {
  const { id } = ancestor;
  for (let at = context; at !== undefined; at = at.parent) {
    if (at.id === id || id <= at.cut) return true;
  }
  return false;
}

/**
 * Whether a context, or one that it was entered in, was entered around a function of another one:
 * who calls `storage.run(store, callback)` says what the callback is to see.
 *
 * @param {Context} context
 * @param {Context} other
 */
function isAround(context, other) {
  for (let at = /** @type {Context | undefined} */ (context); at !== undefined; at = at.parent) {
    if (at.around !== undefined && descends(at.around, other)) return true;
  }
  return false;
}

/**
 * Whether what was made in the context `expected` may see what `now` says of the storage: the same,
 * a store that was entered by hand or around it, a nested context, or one that was left on purpose.
 *
 * @param {Context | undefined} now
 * @param {Context | undefined} expected
 * @param {import('./storage-records.js').StorageRecord} storage
 */
function isRight(now, expected, storage) {
  const wanted = effective(expected, storage);
  if (wanted === undefined || wanted.exited) return true;
  const there = effective(now, storage);
  if (there === undefined) return false;
  if (there.id === wanted.id || descends(there, wanted) || isAround(there, wanted)) return true;
  return !there.exited && there.holds(wanted.store);
}

/**
 * As `isRight()`, for every storage that `expected` knows.
 *
 * @param {Context | undefined} now
 * @param {Context} expected
 */
function isRightForAll(now, expected) {
  for (let at = /** @type {Context | undefined} */ (expected); at !== undefined; at = at.parent) {
    if (!isRight(now, expected, at.storage)) return false;
  }
  return true;
}

/**
 * The storages that have a context, that of the innermost first.
 *
 * @param {Context} context
 */
function storagesOf(context) {
  const storages = new Set();
  for (let at = /** @type {Context | undefined} */ (context); at !== undefined; at = at.parent) {
    storages.add(at.storage);
  }
  return [...storages];
}

module.exports = {
  Context,
  current,
  descends,
  effective,
  enter,
  isRight,
  isRightForAll,
  leave,
  push,
  storagesOf,
};
