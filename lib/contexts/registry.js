'use strict';

// The contexts of this thread, by name. A name means the same in all threads and processes, as a
// key of Symbol.for() does.

const { AsyncLocalStorage } = require('../async-local-storage.js');
const { AsyncResource } = require('../node/async-hooks.js');
const { conflict } = require('../errors/contexts.js');

/**
 * What crosses, and how.
 *
 * @typedef {object} Carrier
 * @property {string} name
 * @property {() => unknown} capture  a value that can be cloned; `undefined` for none
 * @property {(value: any, fn: () => any) => any} enter  calls `fn` in the context of the value
 * @property {(fn: () => any) => any} [exit]  calls `fn` outside of every context of the carrier
 * @property {string} [module]  the URL of the file that defines it, which a pool's threads load
 */

/**
 * The functions of a storage; those that are `undefined` were not given (yet).
 *
 * @typedef {object} Conversions
 * @property {((store: any) => unknown) | undefined} [serialize]
 * @property {((value: any) => unknown) | undefined} [deserialize]
 * @property {((original: any, returned: any) => void) | undefined} [merge]
 */

/**
 * A storage with a name.
 *
 * @typedef {Conversions & { name: string, storage: AsyncLocalStorage }} NamedStorage
 */

/** @typedef {{ storages: Map<string, NamedStorage>, carriers: Map<string, Carrier> }} Registry */

// All copies of the package in this thread share it, in every realm, as they share the engine
// (engine/shared.js): a name must not mean two storages. The number is that of its form.
const SHARED = Symbol.for('async-hooks-rs.contexts.1');

/** @returns {Registry} */
function registry() {
  const place = /** @type {any} */ (AsyncResource);
  if (!Object.hasOwn(place, SHARED)) {
    Object.defineProperty(place, SHARED, {
      __proto__: null,
      value: Object.freeze({ storages: new Map(), carriers: new Map() }),
    });
  }
  return place[SHARED];
}

/**
 * The storage of this name, made at the first call. What is given now completes what was given
 * before.
 *
 * @param {string} name
 * @param {Conversions} [conversions]
 */
function namedStorage(name, conversions) {
  const { storages, carriers } = registry();
  let named = storages.get(name);
  if (named === undefined) {
    if (carriers.has(name)) throw conflict(name, 'kind: it is a carrier');
    /** @type {any} */
    const options = { __proto__: null, name };
    named = { name, storage: new AsyncLocalStorage(options) };
    storages.set(name, named);
  }
  if (conversions !== undefined) complete(named, conversions);
  return named;
}

/**
 * All or nothing: the check comes first.
 *
 * @param {NamedStorage} named
 * @param {Conversions} given
 */
function complete(named, given) {
  const { serialize, deserialize, merge } = named;
  if (differs(serialize, given.serialize)) throw conflict(named.name, 'serialize()');
  if (differs(deserialize, given.deserialize)) throw conflict(named.name, 'deserialize()');
  if (differs(merge, given.merge)) throw conflict(named.name, 'merge()');
  named.serialize = serialize ?? given.serialize;
  named.deserialize = deserialize ?? given.deserialize;
  named.merge = merge ?? given.merge;
}

/**
 * @param {unknown} before
 * @param {unknown} given
 */
const differs = (before, given) => before !== undefined && given !== undefined && before !== given;

/**
 * What the storage is known as; `undefined` if it has no name.
 *
 * @param {unknown} storage
 */
function namedAs(storage) {
  for (const named of registry().storages.values()) {
    if (named.storage === storage) return named;
  }
  return undefined;
}

/** @param {Carrier} carrier */
function define(carrier) {
  const { storages, carriers } = registry();
  const { name } = carrier;
  if (storages.has(name)) throw conflict(name, 'kind: it is a storage');
  const before = carriers.get(name);
  if (before !== undefined && before !== carrier) throw conflict(name, 'carrier');
  carriers.set(name, carrier);
}

/**
 * The carrier of this name, if this thread has defined one.
 *
 * @param {string} name
 */
const carrierOf = (name) => registry().carriers.get(name);

module.exports = { namedStorage, namedAs, define, carrierOf };
