'use strict';

// The public class. It enters frames (frames/frame.js); the engine carries them.

const { engine } = require('./engine/index.js');
const { StorageKey, StorageLife, push, restore, drop, untouched } = require('./frames/frame.js');
const { install, read, open, close } = require('./context/scope.js');
const { AsyncResource } = require('./async-resource.js');
const { invalidArgType, notCallable } = require('./errors/context.js');
const { NO_OPTIONS, option } = require('./node/option.js');

// Constants of the module, so that the optimizing compiler inlines V8's accessors into the callers.
const { current, swap, swapBack = swap, leave, enter, scopes } = engine;
const { apply } = Reflect;

/** @typedef {(...args: any[]) => unknown} Callback  the program's, which knows its arguments */
/** @typedef {import('./frames/frame.js').Carried} Carried */
/** @typedef {import('./frames/frame.js').Key} Key */
/** @typedef {(fn: unknown, ...args: unknown[]) => unknown} Bound  what snapshot() gives */
/** @typedef {NonNullable<import('./engine/index.js').Engine['scopes']>} Scopes */
/** @typedef {import('./engine/index.js').Scope} Scope */
/** @typedef {Scope & { outer: Scope }} EnteredScope  not the end of the list */

// Node has the symbol from 20.4 on, of its own making before 24. Without it the method has a key
// that nobody knows, and dispose() has to be called.
const dispose = Symbol.dispose ?? Symbol('Symbol.dispose');

// Functions of this file that need the private fields.
/** @type {(value: unknown) => boolean} */
let isStorage;
/** @type {(storage: AsyncLocalStorage, store: unknown) => () => void} */
let enterScope;
/**
 * @type {(frame: Carried | undefined, storage: AsyncLocalStorage, store: unknown)
 *   => Carried | undefined}
 */
let pushStore;

// What the finder of lost context has called with each new storage and its options.
/** @type {((storage: AsyncLocalStorage, options: object) => void) | undefined} */
let noticeStorage;

/** @param {((storage: AsyncLocalStorage, options: object) => void) | undefined} notice */
function onStorage(notice) {
  noticeStorage = notice;
}

class AsyncLocalStorage {
  // getStore() reads this field first, because Node's message for a wrong `this` names it.
  #defaultValue = undefined;
  #name = '';
  #key = new StorageKey();
  #life = new StorageLife(this, this.#key);

  constructor(options = NO_OPTIONS) {
    if (options === null || typeof options !== 'object' || Array.isArray(options)) {
      throw invalidArgType('options', 'object', options, AsyncLocalStorage);
    }
    this.#defaultValue = option(options, 'defaultValue');
    // Read twice, as Node does.
    if (option(options, 'name') !== undefined) this.#name = `${option(options, 'name')}`;
    if (noticeStorage !== undefined) noticeStorage(this, options);
  }

  get name() {
    return this.#name;
  }

  /** @param {Callback} fn */
  static bind(fn) {
    return AsyncResource.bind(fn);
  }

  static snapshot() {
    return boundTo(current());
  }

  disable() {
    const key = this.#key;
    this.#key = this.#life.renew();
    // Nobody can read the entry any more, but it would keep the store alive as long as this flow.
    const frame = current();
    const rest = drop(frame, key, this);
    if (rest !== frame) enter(rest);
  }

  /** @param {unknown} store */
  enterWith(store) {
    const key = this.#key;
    install();
    enter(push(current(), key, store, this));
  }

  /**
   * @param {unknown} store
   * @param {Callback} fn
   * @param {...unknown} args
   */
  run(store, fn, ...args) {
    if (!isStorage(this)) this.getStore(); // throws what Node throws
    const key = this.#key;
    if (fn === undefined) throw notCallable(AsyncLocalStorage.prototype.run);
    if (this.enterWith !== enterWith && delegates(this)) {
      return runByEntering(this, store, fn, args);
    }
    install();
    const prior = current();
    const entered = push(prior, key, store, this);
    swap(entered);
    try {
      return apply(fn, null, args);
    } finally {
      // The stack may be used up: then any call but one of V8's own functions throws.
      const { made } = entered;
      if ((made === undefined || made === entered.size) && current() === entered) swapBack(prior);
      else {
        let left = false;
        try {
          this.#leave(entered, prior, key);
          left = true;
        } finally {
          if (!left) swapBack(prior);
        }
      }
    }
  }

  /**
   * @param {Callback} fn
   * @param {...unknown} args
   */
  exit(fn, ...args) {
    return this.run(undefined, fn, ...args);
  }

  getStore() {
    const absent = this.#defaultValue;
    return read(this.#key, absent);
  }

  /** @param {unknown} store */
  withScope(store) {
    return new RunScope(this, store);
  }

  /**
   * The slow half of leaving: code of its own, because the compiler inlines a limited amount.
   *
   * @param {Carried} entered
   * @param {unknown} prior
   * @param {Key} key
   */
  #leave(entered, prior, key) {
    if (!untouched(entered) || !leave(entered, prior)) this.#restore(prior, key);
  }

  /**
   * Leaves a scope while something other than what it entered is current.
   *
   * @param {unknown} prior
   * @param {Key} key
   */
  #restore(prior, key) {
    enter(restore(current(), prior, key, this.#key, this));
  }

  // run() where the engine has `scopes`. A function of its own, because one for both is so long
  // that the compiler often does not inline it.
  static {
    const { run } = {
      /**
       * @this {AsyncLocalStorage}
       * @param {unknown} store
       * @param {Callback} fn
       * @param {...unknown} args
       */
      run(store, fn, ...args) {
        if (!isStorage(this)) this.getStore();
        const key = this.#key;
        if (fn === undefined) throw notCallable(AsyncLocalStorage.prototype.run);
        install();
        const prior = current();
        const entered = push(prior, key, store, this);
        // An engine that has `scopes` returns them.
        const scope = /** @type {EnteredScope} */ (swap(entered));
        try {
          return apply(fn, null, args);
        } finally {
          if (/** @type {Scopes} */ (scopes).innermost === scope && scope.frame === entered) {
            if (scope.closer === entered) /** @type {Scopes} */ (scopes).innermost = scope.outer;
            else scope.frame = prior;
          } else {
            let left = false;
            try {
              this.#leave(entered, prior, key);
              left = true;
            } finally {
              if (!left) {
                const isOpened = scope.closer === entered;
                if (!isOpened) scope.frame = prior;
                /** @type {Scopes} */ (scopes).innermost = isOpened ? scope.outer : scope;
              }
            }
          }
        }
      },
    };
    if (scopes !== undefined) this.prototype.run = run;
  }

  static {
    /** @param {unknown} value */
    isStorage = (value) => typeof value === 'object' && value !== null && #key in value;
    // What run() would make current on top of `frame`. `undefined` if there is more to a run(): the
    // storage is of another copy of the package, or somebody has replaced the method.
    pushStore = (frame, storage, store) => {
      if (!isStorage(storage) || storage.run !== run) return undefined;
      install();
      return push(frame, storage.#key, store, storage);
    };
    /**
     * @param {AsyncLocalStorage} storage
     * @param {unknown} store
     */
    enterScope = (storage, store) => {
      const key = storage.#key;
      if (delegates(storage)) return enterByEntering(storage, store);
      install();
      const prior = current();
      const entered = push(prior, key, store, storage);
      enter(entered);
      return () => {
        if (current() === entered && untouched(entered)) enter(prior);
        else storage.#restore(prior, key);
      };
    };
  }
}

/**
 * Two functions, because a look at which one is needed takes a fifth of a call.
 *
 * @param {unknown} captured
 * @returns {Bound}
 */
function boundTo(captured) {
  if (scopes !== undefined) return boundInScopes(captured);
  // A function expression and not an arrow: Node's can be called with `new`, too.
  return function bound(fn, ...args) {
    if (typeof fn !== 'function') throw new TypeError('cb is not a function');
    const outer = open(captured, current());
    try {
      return fn(...args);
    } finally {
      close(outer);
    }
  };
}

/**
 * @param {unknown} captured
 * @returns {Bound}
 */
function boundInScopes(captured) {
  return function bound(fn, ...args) {
    if (typeof fn !== 'function') throw new TypeError('cb is not a function');
    const outer = open(captured, current());
    try {
      return fn(...args);
    } finally {
      /** @type {Scopes} */ (scopes).innermost = outer;
    }
  };
}

const { enterWith, run } = AsyncLocalStorage.prototype;

/**
 * Agents put an enterWith() of their own onto an instance, to see what is entered. If run() calls
 * it, they conclude that native code can read the stores in V8's slot, and that they need not
 * replace run() as well. A method that a subclass overrides is not called: docs/compatibility.md.
 *
 * @param {AsyncLocalStorage} storage
 */
function delegates(storage) {
  return engine.nativeReaders && Object.hasOwn(storage, 'enterWith');
}

/**
 * The algorithms are those of Node 26.
 *
 * @param {AsyncLocalStorage} storage
 * @param {unknown} store
 * @param {Callback} fn
 * @param {unknown[]} args
 */
function runByEntering(storage, store, fn, args) {
  const prior = storage.getStore();
  if (Object.is(prior, store)) return apply(fn, null, args);
  const before = current();
  const leaveAgain = enterByEntering(storage, store);
  try {
    return apply(fn, null, args);
  } finally {
    let left = false;
    try {
      leaveAgain();
      left = true;
    } finally {
      if (!left) swap(before);
    }
  }
}

/**
 * @param {AsyncLocalStorage} storage
 * @param {unknown} store
 */
function enterByEntering(storage, store) {
  const prior = storage.getStore();
  storage.enterWith(store);
  return () => storage.enterWith(prior);
}

class RunScope {
  /** @type {(() => void) | undefined} */
  #leave;
  #disposed = false;

  /**
   * @param {AsyncLocalStorage} storage
   * @param {unknown} store
   */
  constructor(storage, store) {
    this.#leave = enterScope(storage, store);
  }

  dispose() {
    if (this.#disposed) return;
    const leaveScope = /** @type {() => void} */ (this.#leave);
    leaveScope();
    // After it: the stack may be used up, and then it can be called again.
    this.#disposed = true;
    this.#leave = undefined; // it holds the store
  }

  [dispose]() {
    this.dispose();
  }
}

module.exports = { AsyncLocalStorage, onStorage, pushStore };
