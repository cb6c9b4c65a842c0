'use strict';

// Where Node carries no frames, 'unhandledRejection' is emitted in no scope. A listener of our own
// would change what Node does without one, so emit() itself is wrapped.

const { isPromise } = require('node:util').types;
const internals = require('./internals.js');

const { apply } = Reflect;

/**
 * @param {(promise: Promise<unknown>) => (handled: boolean) => void} open  enters the scope that
 *   the handlers shall see and returns what leaves it. If nobody handled it, Node goes on to
 *   the handlers of 'uncaughtException' right after, which shall see it, too
 */
function wrapRejections(open) {
  // The process of the main realm is the one that emits; a test runner may have made another.
  const { process } = internals.read((closure, evaluate) => evaluate('globalThis')) ?? globalThis;
  const { emit } = process;
  process.emit = function(event, reason, promise) {
    if (event !== 'unhandledRejection' || !isPromise(promise)) {
      return apply(emit, this, arguments);
    }
    const close = open(promise);
    let handled = true;
    try {
      handled = apply(emit, this, arguments);
      return handled;
    } finally {
      close(handled);
    }
  };
}

module.exports = { wrapRejections };
