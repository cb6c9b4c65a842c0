'use strict';

// The engine of the thread. All copies of the package share it: two that install hooks would undo
// each other's work. It is a property of Node's own AsyncResource class, which is the same object
// in every realm of the thread (vm contexts and test runners make their own globalThis and
// process).

const { AsyncResource } = require('../node/async-hooks.js');

// The number is that of the protocol between copies: the verbs of Engine (index.js) and the shape
// of a frame. What an engine may lack does not change it.
const SHARED = Symbol.for('async-hooks-rs.engine.1');

/**
 * The engine that this or another copy of the package has chosen, `undefined` before. Asking for it
 * chooses none.
 *
 * @returns {import('./index.js').Engine | undefined}
 */
function sharedEngine() {
  return /** @type {any} */ (AsyncResource)[SHARED];
}

/**
 * Makes `engine` the one of the thread, for good.
 *
 * @param {import('./index.js').Engine} engine
 */
function shareEngine(engine) {
  Object.defineProperty(AsyncResource, SHARED, {
    __proto__: null,
    value: engine,
    enumerable: false,
    writable: false,
    configurable: false,
  });
  return engine;
}

module.exports = { sharedEngine, shareEngine };
