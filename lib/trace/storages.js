'use strict';

// The classes AsyncLocalStorage whose contexts are followed: Node's, and those of this package. The
// methods are replaced on the prototypes, so all storages are, whenever they were made.

const { callbackIn } = require('./around.js');
const { current, leave, push } = require('./contexts.js');
const { how } = require('./event-kinds.js');
const { replaceMethod } = require('./methods.js');
const { snapshotOf } = require('./restores.js');
const { recordOf } = require('./storage-records.js');
const { noteOrigin } = require('./twins.js');

const { apply } = Reflect;
const { getPrototypeOf } = Object;

/** @typedef {import('./contexts.js').Context} Context */

class Storages {
  /** Calls of getStore(). */
  reads = 0;
  #tracer;
  /** @type {WeakSet<object>} */
  #followed = new WeakSet();
  /** @type {WeakMap<object, { context: Context, prior: Context | undefined }>} that are open */
  #scopes = new WeakMap();
  // The classes' own methods call each other: what they do is not the program's.
  #isInside = false;

  /** @param {import('./tracer.js').Tracer} tracer */
  constructor(tracer) {
    this.#tracer = tracer;
  }

  /**
   * Follows the storages of a class.
   *
   * @param {any} Class
   */
  follow(Class) {
    const { prototype } = Class;
    if (this.#followed.has(prototype)) return;
    this.#followed.add(prototype);
    replaceMethod(prototype, 'run', (original) => this.#run(original));
    replaceMethod(prototype, 'exit', (original) => this.#exit(original, prototype));
    replaceMethod(prototype, 'enterWith', (original) => this.#enterWith(original));
    replaceMethod(prototype, 'withScope', (original) => this.#withScope(original));
    replaceMethod(prototype, 'getStore', (original) => this.#getStore(original));
    replaceMethod(prototype, 'get', (original) => this.#getStore(original)); // of a Variable
    replaceMethod(Class, 'snapshot', (original) => snapshotOf(original));
  }

  /** @param {object} storage */
  recordOf(storage) {
    return recordOf(storage);
  }

  /**
   * A storage was made: `hidden` is what has called for it.
   *
   * @param {object} storage
   * @param {unknown} options  of the program
   * @param {Function} hidden
   */
  made(storage, options, hidden) {
    const record = this.recordOf(storage);
    record.absent = defaultOf(options);
    noteOrigin(record, hidden);
    this.#tracer.storageMade(record);
  }

  /**
   * @param {any} storage
   * @param {unknown} store
   * @param {number} kind
   * @param {Function} hidden
   */
  #push(storage, store, kind, hidden) {
    const record = this.recordOf(storage);
    record.isEntered = true;
    const place = this.#tracer.placeOfEntry(record, hidden);
    const context = push(record, store, kind);
    this.#tracer.contextBegins(context, place);
    return context;
  }

  /**
   * @param {Context} context
   * @param {Context | undefined} prior
   */
  #leave(context, prior) {
    // Where they were entered is known of the contexts of which they are copies.
    for (const kept of leave(context, prior)) this.#tracer.contextBegins(kept, 0);
  }

  /** @param {Function} original */
  #run(original) {
    const storages = this;
    /**
     * @this {any}
     * @param {unknown} store
     * @param {unknown} callback
     * @param {unknown[]} args
     */
    function run(store, callback, ...args) {
      if (storages.#isInside || typeof callback !== 'function' || !isObject(this)) {
        return apply(original, this, [store, callback, ...args]);
      }
      const prior = current();
      const context = storages.#push(this, store, how.RUN, run);
      const inside = storages.#program(callbackIn(context, callback));
      return storages.#within(context, prior, original, this, [store, inside, ...args]);
    }
    return run;
  }

  /**
   * @param {Function} original
   * @param {any} prototype
   */
  #exit(original, prototype) {
    const storages = this;
    /**
     * @this {any}
     * @param {unknown} callback
     * @param {unknown[]} args
     */
    function exit(callback, ...args) {
      // The run() of a subclass gets the callback itself, and comes to that of the class.
      const isOwn = isObject(this) && this.run === prototype.run;
      if (storages.#isInside || typeof callback !== 'function' || !isOwn) {
        return apply(original, this, [callback, ...args]);
      }
      const prior = current();
      const context = storages.#push(this, undefined, how.EXIT, exit);
      const inside = storages.#program(callbackIn(context, callback));
      return storages.#within(context, prior, original, this, [inside, ...args]);
    }
    return exit;
  }

  /**
   * Calls run() or exit() of the class.
   *
   * @param {import('./contexts.js').Context} context
   * @param {import('./contexts.js').Context | undefined} prior
   * @param {Function} original
   * @param {unknown} storage
   * @param {unknown[]} args
   */
  #within(context, prior, original, storage, args) {
    this.#isInside = true;
    try {
      return apply(original, storage, args);
    } finally {
      this.#isInside = false;
      this.#leave(context, prior);
      this.#tracer.contextEnds(context);
    }
  }

  /**
   * A callback of the program, for a method of the class to call.
   *
   * @param {Function} callback
   */
  #program(callback) {
    const storages = this;
    return /** @this {unknown} */ function () {
      storages.#isInside = false;
      try {
        return apply(callback, this, arguments);
      } finally {
        storages.#isInside = true;
      }
    };
  }

  /** @param {Function} original */
  #enterWith(original) {
    const storages = this;
    /** @this {any} @param {unknown} store */
    function enterWith(store) {
      if (!storages.#isInside && isObject(this)) {
        storages.#push(this, store, how.ENTER_WITH, enterWith);
      }
      return apply(original, this, [store]);
    }
    return enterWith;
  }

  /** @param {Function} original */
  #withScope(original) {
    const storages = this;
    /** @this {any} @param {unknown} store */
    function withScope(store) {
      if (!isObject(this)) return apply(original, this, [store]);
      const prior = current();
      const context = storages.#push(this, store, how.RUN, withScope);
      const scope = storages.#quietly(original, this, [store]);
      storages.#followScopes(getPrototypeOf(scope));
      storages.#scopes.set(scope, { context, prior });
      return scope;
    }
    return withScope;
  }

  /** @param {any} prototype  of the class of scopes, which only a scope leads to */
  #followScopes(prototype) {
    if (this.#followed.has(prototype)) return;
    this.#followed.add(prototype);
    const storages = this;
    replaceMethod(
      prototype,
      'dispose',
      (original) =>
        /** @this {any} */
        function dispose() {
          const opened = storages.#scopes.get(this);
          storages.#quietly(original, this, []);
          if (opened === undefined) return;
          storages.#scopes.delete(this);
          storages.#leave(opened.context, opened.prior);
        },
    );
  }

  /**
   * @param {Function} method
   * @param {unknown} self
   * @param {unknown[]} args
   */
  #quietly(method, self, args) {
    const wasInside = this.#isInside;
    this.#isInside = true;
    try {
      return apply(method, self, args);
    } finally {
      this.#isInside = wasInside;
    }
  }

  /** @param {Function} original */
  #getStore(original) {
    const storages = this;
    /** @this {any} */
    function getStore() {
      const value = apply(original, this, []);
      if (!storages.#isInside) {
        storages.reads++;
        storages.#tracer.reads.see(this, value, getStore);
      }
      return value;
    }
    return getStore;
  }
}

/**
 * The default value of a storage, unless it has to be asked for with code of the program.
 *
 * @param {unknown} options
 */
function defaultOf(options) {
  if (!isObject(options)) return undefined;
  const given = /** @type {object} */ (options);
  return Object.getOwnPropertyDescriptor(given, 'defaultValue')?.value;
}

/**
 * Whether it may be a storage: methods throw on anything else.
 *
 * @param {unknown} value
 * @returns {boolean}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

module.exports = { Storages };
