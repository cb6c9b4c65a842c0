'use strict';

// The prototypes of AsyncContext's classes in the realms of this thread (vm contexts, test
// runners) in which the package was evaluated.

const { AsyncResource } = require('../node/async-hooks.js');

// All copies of the package share a property of Node's class, the same object in every realm.
const REALMS = Symbol.for('async-hooks-rs.realms');

/** @type {WeakMap<object, Record<string, object>>}  by the Object.prototype of the realm */
const realms = /** @type {any} */ (AsyncResource)[REALMS] ?? share(new WeakMap());

/** @param {WeakMap<object, Record<string, object>>} map */
function share(map) {
  Object.defineProperty(AsyncResource, REALMS, {
    __proto__: null,
    value: map,
    enumerable: false,
    writable: false,
    configurable: false,
  });
  return map;
}

/**
 * Makes `prototypes` those of this realm.
 *
 * @param {Record<string, object>} prototypes
 */
function sharePrototypes(prototypes) {
  realms.set(Object.prototype, prototypes);
}

/**
 * The prototypes of the realm with this Object.prototype; `undefined` if there are none.
 *
 * @param {object} objectPrototype
 */
function prototypesOf(objectPrototype) {
  return realms.get(objectPrototype);
}

module.exports = { sharePrototypes, prototypesOf };
