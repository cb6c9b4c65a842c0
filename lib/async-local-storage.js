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

// Node has the symbol from 20.4 on, of its own making before 24. Without it the method has a key
// that nobody knows, and dispose() has to be called.
const dispose = Symbol.dispose ?? Symbol('Symbol.dispose');

// Functions of this file that need the private fields.
let isStorage;
let enterScope;

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
  }

  get name() { return this.#name; }

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

  enterWith(store) {
    const key = this.#key;
    install();
    enter(push(current(), key, store, this));
  }

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
      else this.#leave(entered, prior, key);
    }
  }

  exit(fn, ...args) {
    return this.run(undefined, fn, ...args);
  }

  getStore() {
    const absent = this.#defaultValue;
    return read(this.#key, absent);
  }

  withScope(store) {
    return new RunScope(this, store);
  }

  // The slow half of leaving: code of its own, because the compiler inlines a limited amount.
  #leave(entered, prior, key) {
    if (!untouched(entered) || !leave(entered, prior)) this.#restore(prior, key);
  }

  // Leaves a scope while something other than what it entered is current.
  #restore(prior, key) {
    enter(restore(current(), prior, key, this.#key, this));
  }

  // run() where the engine has `scopes`. A function of its own, because one for both is so long
  // that the compiler often does not inline it.
  static {
    const { run } = {
      /** @this {AsyncLocalStorage} */
      run(store, fn, ...args) {
        if (!isStorage(this)) this.getStore();
        const key = this.#key;
        if (fn === undefined) throw notCallable(AsyncLocalStorage.prototype.run);
        install();
        const prior = current();
        const entered = push(prior, key, store, this);
        const scope = swap(entered);
        try {
          return apply(fn, null, args);
        } finally {
          if (scopes.innermost === scope && scope.frame === entered) {
            if (scope.closer === entered) scopes.innermost = scope.outer;
            else scope.frame = prior;
          } else {
            this.#leave(entered, prior, key);
          }
        }
      },
    };
    if (scopes !== undefined) this.prototype.run = run;
  }

  static {
    isStorage = (value) => typeof value === 'object' && value !== null && #key in value;
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

// Two functions, because a look at which one is needed takes a fifth of a call.
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

function boundInScopes(captured) {
  return function bound(fn, ...args) {
    if (typeof fn !== 'function') throw new TypeError('cb is not a function');
    const outer = open(captured, current());
    try {
      return fn(...args);
    } finally {
      scopes.innermost = outer;
    }
  };
}

const { enterWith } = AsyncLocalStorage.prototype;

// Agents put an enterWith() of their own onto an instance, to see what is entered. If run() calls
// it, they conclude that native code can read the stores in V8's slot, and that they need not
// replace run() as well. A method that a subclass overrides is not called: docs/compatibility.md.
function delegates(storage) {
  return engine.nativeReaders && Object.hasOwn(storage, 'enterWith');
}

// The algorithms are those of Node 26.
function runByEntering(storage, store, fn, args) {
  const prior = storage.getStore();
  if (Object.is(prior, store)) return apply(fn, null, args);
  const leaveAgain = enterByEntering(storage, store);
  try {
    return apply(fn, null, args);
  } finally {
    leaveAgain();
  }
}

function enterByEntering(storage, store) {
  const prior = storage.getStore();
  storage.enterWith(store);
  return () => storage.enterWith(prior);
}

class RunScope {
  #leave;
  #disposed = false;

  constructor(storage, store) {
    this.#leave = enterScope(storage, store);
  }

  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    const leaveScope = this.#leave;
    this.#leave = undefined; // it holds the store
    leaveScope();
  }

  [dispose]() {
    this.dispose();
  }
}

module.exports = { AsyncLocalStorage };
