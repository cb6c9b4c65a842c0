'use strict';

// Checks what users pass: names, conversions, carriers, and lists of them. Options are own
// properties. The errors have no stack yet: the public function that was called captures it.

const { invalidArgType } = require('../errors/contexts.js');
const { CarrierContext, StorageContext } = require('./context.js');
const { define, namedAs, namedStorage } = require('./registry.js');

const { hasOwn } = Object;

/** @typedef {import('./registry.js').Carrier} Carrier */
/** @typedef {import('./context.js').Context} Context */

const ITEM =
  'a storage of storageFor(), an object { storage, … } with one, ' +
  'or a carrier { name, capture, enter }';

/**
 * @param {unknown} name
 * @param {any} [conversions]
 */
function storageFor(name, conversions) {
  const checked = nonEmpty('name', name);
  if (conversions === undefined) return namedStorage(checked).storage;
  return namedStorage(checked, conversionsOf('options', object('options', conversions))).storage;
}

/**
 * The carrier, which this thread knows by its name from now on.
 *
 * @param {unknown} carrier
 */
function defineCarrier(carrier) {
  checkCarrier('carrier', object('carrier', carrier));
  define(/** @type {Carrier} */ (carrier));
  return carrier;
}

/**
 * The contexts of an option. Each name may be there once.
 *
 * @param {string} label  of the option, in messages
 * @param {unknown} list
 */
function checkContexts(label, list) {
  if (!Array.isArray(list)) throw invalidArgType(label, 'an instance of Array', list);
  /** @type {Context[]} */
  const contexts = [];
  for (let i = 0; i < list.length; i++) {
    const context = contextOf(`${label}[${i}]`, list[i]);
    if (contexts.some(({ name }) => name === context.name)) {
      throw invalidArgType(`${label}[${i}]`, 'a context that is not in the list yet', context.name);
    }
    contexts.push(context);
  }
  return contexts;
}

/**
 * @param {string} label
 * @param {any} item
 * @returns {Context}
 */
function contextOf(label, item) {
  const named = namedAs(item);
  if (named !== undefined) return new StorageContext(named, named.serialize !== undefined, false);
  if (item === null || typeof item !== 'object') throw invalidArgType(label, ITEM, item);
  if (hasOwn(item, 'storage')) return storageContext(label, item);
  if (item.capture === undefined && item.enter === undefined) {
    throw invalidArgType(label, ITEM, item);
  }
  checkCarrier(label, item);
  define(item);
  return new CarrierContext(item.name, item.module);
}

/**
 * @param {string} label
 * @param {{ storage: unknown }} item
 */
function storageContext(label, item) {
  const known = namedAs(item.storage);
  if (known === undefined) {
    throw invalidArgType(`${label}.storage`, 'a storage of storageFor()', item.storage);
  }
  const returns = own(item, 'returns') ?? false;
  if (typeof returns !== 'boolean') {
    throw invalidArgType(`${label}.returns`, 'of type boolean', returns);
  }
  const named = namedStorage(known.name, conversionsOf(label, item));
  if (returns) callable(`${label}.merge`, named.merge);
  return new StorageContext(named, named.serialize !== undefined, returns);
}

/**
 * @param {string} label
 * @param {object} options
 */
function conversionsOf(label, options) {
  return {
    serialize: optionalFunction(label, options, 'serialize'),
    deserialize: optionalFunction(label, options, 'deserialize'),
    merge: optionalFunction(label, options, 'merge'),
  };
}

/**
 * @param {string} label
 * @param {object} options
 * @param {string} name
 */
function optionalFunction(label, options, name) {
  const fn = own(options, name);
  return fn === undefined ? undefined : callable(`${label}.${name}`, fn);
}

/**
 * An object with methods, which may be those of its class.
 *
 * @param {string} label
 * @param {any} carrier
 */
function checkCarrier(label, carrier) {
  nonEmpty(`${label}.name`, carrier.name);
  callable(`${label}.capture`, carrier.capture);
  callable(`${label}.enter`, carrier.enter);
  if (carrier.exit !== undefined) callable(`${label}.exit`, carrier.exit);
  if (carrier.module !== undefined) nonEmpty(`${label}.module`, carrier.module);
}

/**
 * @param {object} options
 * @param {string} name
 */
function own(options, name) {
  return hasOwn(options, name) ? /** @type {any} */ (options)[name] : undefined;
}

/**
 * @param {string} label
 * @param {unknown} value
 */
function nonEmpty(label, value) {
  if (typeof value !== 'string' || value === '') {
    throw invalidArgType(label, 'a string that is not empty', value);
  }
  return value;
}

/**
 * @param {string} label
 * @param {unknown} value
 */
function callable(label, value) {
  if (typeof value !== 'function') throw invalidArgType(label, 'of type function', value);
  return /** @type {any} */ (value);
}

/**
 * @param {string} label
 * @param {unknown} value
 */
function object(label, value) {
  if (value === null || typeof value !== 'object') {
    throw invalidArgType(label, 'of type object', value);
  }
  return value;
}

module.exports = { storageFor, defineCarrier, checkContexts };
