'use strict';

// Puts a method of ours in place of another one, which looks the same to a program.

const { getOwnPropertyDescriptor } = Object;

/**
 * Does nothing where there is no such method, or it cannot be replaced.
 *
 * @param {any} object
 * @param {PropertyKey} key
 * @param {(original: any) => Function} make
 */
function replaceMethod(object, key, make) {
  const before = getOwnPropertyDescriptor(object, key);
  if (typeof before?.value !== 'function') return;
  const { value: original } = before;
  const made = make(original);
  look(made, original);
  Reflect.defineProperty(object, key, { ...before, value: made });
}

/**
 * Has a function have the name and the length of another.
 *
 * @param {Function} made
 * @param {Function} original
 */
function look(made, original) {
  for (const property of /** @type {const} */ (['name', 'length'])) {
    Object.defineProperty(made, property, {
      __proto__: null,
      value: original[property],
      configurable: true,
    });
  }
}

module.exports = { look, replaceMethod };
