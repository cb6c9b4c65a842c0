'use strict';

// What the transformed code calls, by names that no program has.

const NAMES = Object.freeze({
  at: '__ahrAT',
  resumed: '__ahrResumed',
  bind: '__ahrBind',
  own: '__ahrOwn',
});

/** @typedef {Record<keyof typeof NAMES, Function>} Functions */

/**
 * Has a global object have them. Nothing else changes if it refuses.
 *
 * @param {object} global
 * @param {Functions} functions
 */
function defineGlobals(global, functions) {
  for (const [key, name] of Object.entries(NAMES)) {
    try {
      Reflect.defineProperty(global, name, {
        __proto__: null,
        value: functions[/** @type {keyof typeof NAMES} */ (key)],
        configurable: true,
        writable: true,
        enumerable: false,
      });
    } catch {
      // the trap of a proxy
    }
  }
}

module.exports = { NAMES, defineGlobals };
