'use strict';

// How a port, or a Worker, gets methods of its own in place of those of its class.

/**
 * Not enumerable, as what it hides is not.
 *
 * @param {object} target
 * @param {PropertyKey} name
 * @param {(this: any, ...args: any[]) => unknown} value
 */
function define(target, name, value) {
  Object.defineProperty(target, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/**
 * Whether somebody listens for the event.
 *
 * @param {any} target
 * @param {string} type
 */
function isHeard(target, type) {
  try {
    return target.listenerCount(type) > 0;
  } catch {
    return false; // Node 20 and 22 throw after removeAllListeners()
  }
}

module.exports = { define, isHeard };
