'use strict';

// Options of Node's classes, read as Node reads them, own and inherited ones. But what a program
// has added to Object.prototype is nobody's option.

const { getPrototypeOf, hasOwn, prototype } = Object;

/** In place of options that were not passed. */
const NO_OPTIONS = Object.freeze({ __proto__: null });

/** `name in options`. */
function hasOption(options, name) {
  if (!(name in prototype)) return name in options;
  for (let object = options; object !== null && object !== prototype;) {
    if (hasOwn(object, name)) return true;
    object = getPrototypeOf(object);
  }
  return false;
}

/** `options[name]`. */
function option(options, name) {
  return name in prototype && !hasOption(options, name) ? undefined : options[name];
}

module.exports = { NO_OPTIONS, hasOption, option };
