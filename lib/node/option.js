'use strict';

// Options of Node's classes, own and inherited ones, as Node reads them. What a program has added
// to Object.prototype is no option.

const { getPrototypeOf, hasOwn, prototype } = Object;

/** In place of options that were not passed. */
const NO_OPTIONS = Object.freeze({ __proto__: null });

/**
 * `name in options`.
 *
 * @param {object} options
 * @param {string} name
 */
function hasOption(options, name) {
  if (!(name in prototype)) return name in options;
  for (let object = options; object !== null && object !== prototype; ) {
    if (hasOwn(object, name)) return true;
    object = getPrototypeOf(object);
  }
  return false;
}

/**
 * `options[name]`.
 *
 * @param {object} options
 * @param {string} name
 */
function option(options, name) {
  if (name in prototype && !hasOption(options, name)) return undefined;
  return /** @type {any} */ (options)[name];
}

module.exports = { NO_OPTIONS, hasOption, option };
