'use strict';

// What errors and whatever else was thrown say of themselves. Each of their properties may be a
// getter that throws, and each of them a proxy.

const {
  Array,
  Map,
  Object,
  String,
  errorClasses,
  getOfMap,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  inspect,
  isPrototypeOf,
  setInMap,
  slice,
  types,
} = require('./built-ins.js');
const { CLASS_DOM_EXCEPTION, CLASS_ERROR } = require('../wire/tag.js');

const classOfPrototype = new Map();
const classOfName = new Map();
errorClasses.forEach((Class, index) => {
  if (Class === undefined) return;
  setInMap(classOfPrototype, Class.prototype, index);
  setInMap(classOfName, Class.name, index);
});
const exceptionPrototype = errorClasses[CLASS_DOM_EXCEPTION]?.prototype; // not in every realm

/**
 * Whether a value is an error, of whatever realm.
 *
 * @param {unknown} value
 */
function isError(value) {
  return types.isNativeError(value) || isException(value);
}

/**
 * To V8, a DOMException is an error only since Node 24 or so. A proxy must not be asked.
 *
 * @param {unknown} value
 */
function isException(value) {
  return (
    exceptionPrototype !== undefined &&
    !types.isProxy(value) &&
    isPrototypeOf(exceptionPrototype, /** @type {object} */ (value))
  );
}

/**
 * What `read` gives, undefined if it throws.
 *
 * @template T, A
 * @param {(argument: A) => T} read
 * @param {A} argument
 */
function attempt(read, argument) {
  try {
    return read(argument);
  } catch {
    return undefined;
  }
}

/** @param {{ name?: unknown }} error */
const nameIn = (error) => error.name;
/** @param {{ message?: unknown }} error */
const messageIn = (error) => error.message;
/** @param {{ stack?: unknown }} error */
const stackIn = (error) => error.stack;
const DESCRIPTION = { __proto__: null, depth: 0, customInspect: false, getters: false };
/** @param {unknown} value */
const description = (value) => inspect(value, DESCRIPTION);
/**
 * @param {string} text
 * @param {number} length
 */
const shorten = (text, length) => (text.length > length ? `${slice(text, 0, length)}...` : text);
/** @param {unknown} value */
const brief = (value) => (typeof value === 'symbol' ? String(value) : description(value));

/**
 * The nearest standard class: of the prototypes, or by the name for an error of another realm.
 *
 * @param {object} error
 * @param {unknown} name
 */
function classOf(error, name) {
  for (let at = getPrototypeOf(error); at !== null; at = getPrototypeOf(at)) {
    const index = getOfMap(classOfPrototype, at);
    if (index !== undefined) return index;
  }
  return getOfMap(classOfName, name) ?? CLASS_ERROR;
}

/**
 * @param {readonly unknown[]} list
 * @param {unknown} item
 */
function includes(list, item) {
  for (let i = 0; i < list.length; i++) if (list[i] === item) return true;
  return false;
}

/**
 * @param {object} error
 * @param {string} key
 */
const hasOwnIn = (error, key) =>
  attempt((value) => getOwnPropertyDescriptor(value, key), error) !== undefined;

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isInstance(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype && prototype !== Array.prototype;
}

module.exports = {
  attempt,
  brief,
  classOf,
  hasOwnIn,
  includes,
  isError,
  isInstance,
  messageIn,
  nameIn,
  shorten,
  stackIn,
};
