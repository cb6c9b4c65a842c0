'use strict';

// Finds what cannot be cloned, for the message of an error. Cloning said that there is something.

const { notCloneable } = require('../errors/contexts.js');

// As it is now: a program may put something else in its place.
const { structuredClone } = globalThis;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

// So deep a path is not read by anybody, and there may be a circle.
const LONGEST_PATH = 32;

/**
 * The error that says in which context the value is, and where; `undefined` if all can be cloned.
 *
 * @param {readonly { name: string }[]} contexts
 * @param {readonly unknown[]} values  one for each
 * @param {(value: unknown) => boolean} [test]  whether a value can be cloned
 */
function findNotCloneable(contexts, values, test = isCloneable) {
  const i = values.findIndex((value) => !test(value));
  if (i < 0) return undefined;
  const { path, value } = find(values[i], test);
  return notCloneable(contexts[i].name, path, value);
}

/** @param {unknown} value */
function isCloneable(value) {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * The innermost value that cannot be cloned, and the way to it.
 *
 * @param {unknown} outermost
 * @param {(value: unknown) => boolean} test
 */
function find(outermost, test) {
  let path = '';
  let value = outermost;
  for (let depth = 0; depth < LONGEST_PATH; depth++) {
    const next = childrenOf(value).find(([, child]) => !test(child));
    if (next === undefined) break;
    path += next[0];
    value = next[1];
  }
  return { path, value };
}

/**
 * @param {unknown} value
 * @returns {[string, unknown][]}
 */
function childrenOf(value) {
  if (value instanceof Map) {
    return [...value].flatMap(([key, item], i) => [
      [`<key ${i}>`, key],
      [`<value ${i}>`, item],
    ]);
  }
  if (value instanceof Set) return [...value].map((item, i) => [`<value ${i}>`, item]);
  if (Array.isArray(value)) return value.map((item, i) => [`[${i}]`, item]);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).map(([key, item]) => [named(key), item]);
}

/** @param {string} key */
const named = (key) => (IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

module.exports = { findNotCloneable };
