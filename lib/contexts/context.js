'use strict';

// A context that crosses: what is sent of it, and how it is entered where it arrives.

const { unknownContext } = require('../errors/contexts.js');
const { carrierOf, namedStorage } = require('./registry.js');

/** @typedef {StorageContext | CarrierContext} Context */

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
    this.isStorage = true;
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
   * Calls `fn` in the context of what was captured.
   *
   * @param {unknown} value
   * @param {() => any} fn
   */
  enter(value, fn) {
    return this.#named.storage.run(this.#storeOf(value), fn);
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
    this.isStorage = false;
  }

  capture() {
    return this.#carrier().capture();
  }

  /**
   * @param {unknown} value
   * @param {() => any} fn
   */
  enter(value, fn) {
    return this.#carrier().enter(value, fn);
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
 * What is sent, one value per context; `undefined` if there is nothing to send. What a function of
 * the program throws goes through.
 *
 * @param {readonly Context[]} contexts
 */
function captureAll(contexts) {
  let some = false;
  const values = contexts.map((context) => {
    const value = context.capture();
    if (value !== undefined) some = true;
    return value;
  });
  return some ? values : undefined;
}

/**
 * Calls `fn` in all contexts, the first of which is the outermost. A context whose value is
 * `undefined` stays as it is.
 *
 * @template T
 * @param {readonly Context[]} contexts
 * @param {readonly unknown[]} values
 * @param {() => T} fn
 * @returns {T}
 */
function enterAll(contexts, values, fn) {
  let inner = fn;
  for (let i = contexts.length - 1; i >= 0; i--) {
    const value = values[i];
    if (value === undefined) continue;
    const context = contexts[i];
    const next = inner;
    inner = () => context.enter(value, next);
  }
  return inner();
}

module.exports = { StorageContext, CarrierContext, describe, contextFrom, captureAll, enterAll };
