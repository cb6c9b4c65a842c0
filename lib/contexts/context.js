'use strict';

// A context that crosses: what is sent of it, and how it is entered where it arrives.

const { enteredWrongly, unknownContext } = require('../errors/contexts.js');
const { pushStore } = require('../async-local-storage.js');
const { carrierOf, namedStorage } = require('./registry.js');

/** @typedef {StorageContext | CarrierContext} Context */
/** @typedef {import('../frames/frame.js').Carried} Frame */

/**
 * A context as the other side needs to know it.
 *
 * @typedef {object} Description
 * @property {string} name
 * @property {boolean} isStorage  it is a storage, not a carrier
 * @property {boolean} serialized  what is sent is what serialize() returned
 * @property {boolean} returns  changes come back
 * @property {string | undefined} module  the file that defines the carrier
 */

/** A storage of storageFor(). */
class StorageContext {
  #named;

  /**
   * @param {import('./registry.js').NamedStorage} named
   * @param {boolean} serialized
   * @param {boolean} returns
   */
  constructor(named, serialized, returns) {
    this.#named = named;
    this.serialized = serialized;
    this.returns = returns;
    this.name = named.name;
    this.isStorage = /** @type {const} */ (true);
    /** @type {string | undefined} */
    this.module = undefined;
  }

  /** The current store, itself. */
  store() {
    return this.#named.storage.getStore();
  }

  /** What is sent of the current store; `undefined` if there is none. */
  capture() {
    const store = this.#named.storage.getStore();
    if (store === undefined || !this.serialized) return store;
    return /** @type {Function} */ (this.#named.serialize)(store);
  }

  /**
   * Calls `fn(argument)` in the context of what was captured.
   *
   * @param {unknown} value
   * @param {(argument: any) => any} fn
   * @param {unknown} [argument]
   */
  enter(value, fn, argument) {
    return this.#named.storage.run(this.#storeOf(value), fn, argument);
  }

  /**
   * What `enter()` makes current on top of `frame`; `undefined` if there is more to it.
   *
   * @param {Frame | undefined} frame
   * @param {unknown} value
   */
  push(frame, value) {
    return this.serialized ? undefined : pushStore(frame, this.#named.storage, value);
  }

  /**
   * Calls `fn` without the context.
   *
   * @param {() => any} fn
   */
  exit(fn) {
    return this.#named.storage.exit(fn);
  }

  /**
   * Brings the changes that were made on the other side into the store that was captured.
   *
   * @param {unknown} original
   * @param {unknown} value
   */
  merge(original, value) {
    /** @type {Function} */ (this.#named.merge)(original, this.#storeOf(value));
  }

  /** @param {unknown} value */
  #storeOf(value) {
    if (!this.serialized) return value;
    const { name, deserialize } = this.#named;
    if (deserialize === undefined) {
      throw unknownContext(name, `storageFor('${name}', { deserialize })`);
    }
    return deserialize(value);
  }
}

/** What is no storage of ours. */
class CarrierContext {
  /**
   * @param {string} name
   * @param {string | undefined} module
   */
  constructor(name, module) {
    this.name = name;
    this.module = module;
    this.serialized = true;
    this.returns = false;
    this.isStorage = /** @type {const} */ (false);
  }

  capture() {
    return this.#carrier().capture();
  }

  /**
   * @param {unknown} value
   * @param {(argument: any) => any} fn
   * @param {unknown} [argument]
   */
  enter(value, fn, argument) {
    let entered = false;
    const returned = this.#carrier().enter(value, () => {
      if (entered) throw enteredWrongly(this.name, 'more than once');
      entered = true;
      return fn(argument);
    });
    if (!entered) throw enteredWrongly(this.name, 'never');
    return returned;
  }

  /** There is more to entering it. */
  push() {
    return undefined;
  }

  /**
   * One that is not defined here was not entered here, either.
   *
   * @param {() => any} fn
   */
  exit(fn) {
    const carrier = carrierOf(this.name);
    return carrier?.exit === undefined ? fn() : carrier.exit(fn);
  }

  // Now, and not when this was made: what defines it may be loaded later.
  #carrier() {
    const carrier = carrierOf(this.name);
    if (carrier === undefined) {
      throw unknownContext(this.name, `defineCarrier() of a carrier of this name`);
    }
    return carrier;
  }
}

/**
 * @param {Context} context
 * @returns {Description}
 */
function describe({ name, isStorage, serialized, returns, module }) {
  return { name, isStorage, serialized, returns, module };
}

/**
 * The same context in the thread that this is called in.
 *
 * @param {Description} description
 * @returns {Context}
 */
function contextFrom({ name, isStorage, serialized, returns, module }) {
  return isStorage
    ? new StorageContext(namedStorage(name), serialized, returns)
    : new CarrierContext(name, module);
}

/**
 * Fills `values` with what is sent, one value per context. False if there is nothing to send. What
 * a function of the program throws goes through.
 *
 * @param {readonly Context[]} contexts
 * @param {unknown[]} values
 */
function captureAll(contexts, values) {
  let some = false;
  for (let i = 0; i < contexts.length; i++) {
    const value = contexts[i].capture();
    if (value !== undefined) some = true;
    values[i] = value;
  }
  return some;
}

/**
 * Calls `fn(argument)` in all contexts, the first of which is the outermost. A context whose value
 * is `undefined` stays as it is.
 *
 * @template A, T
 * @param {readonly Context[]} contexts
 * @param {readonly unknown[]} values
 * @param {(argument: A) => T} fn
 * @param {A} [argument]
 * @returns {T}
 */
function enterAll(contexts, values, fn, argument) {
  return enterFrom(0, contexts, values, fn, argument);
}

/**
 * @param {number} start
 * @param {readonly Context[]} contexts
 * @param {readonly unknown[]} values
 * @param {(argument: any) => any} fn
 * @param {unknown} argument
 * @returns {any}
 */
function enterFrom(start, contexts, values, fn, argument) {
  let i = start;
  while (i < contexts.length && values[i] === undefined) i++;
  if (i === contexts.length) return fn(argument);
  // Without a function around it: this runs for every task.
  if (i === contexts.length - 1) return contexts[i].enter(values[i], fn, argument);
  const enterOthers = () => enterFrom(i + 1, contexts, values, fn, argument);
  return contexts[i].enter(values[i], enterOthers);
}

/**
 * As `enterAll()`, but a context whose value is `undefined` is exited: for where the program may
 * have entered another one.
 *
 * @template T
 * @param {readonly Context[]} contexts
 * @param {readonly unknown[]} values
 * @param {() => T} fn
 * @returns {T}
 */
function enterOnly(contexts, values, fn) {
  let inner = fn;
  for (let i = contexts.length - 1; i >= 0; i--) {
    const value = values[i];
    const context = contexts[i];
    const next = inner;
    inner = value === undefined ? () => context.exit(next) : () => context.enter(value, next);
  }
  return inner();
}

module.exports = {
  StorageContext,
  CarrierContext,
  describe,
  contextFrom,
  captureAll,
  enterAll,
  enterOnly,
};
