'use strict';

// Rejections that nobody handles. Node reports each with a series of events, which depends on
// --unhandled-rejections ('unhandledRejection', 'uncaughtExceptionMonitor', 'uncaughtException',
// 'warning', the 'error' of a domain) and is not to be told from events that the program emits
// itself. So the engines are told where a report begins.

const { isPromise } = require('node:util').types;
const internals = require('./internals.js');

const { apply } = Reflect;

/**
 * Calls `begin(promise)` before each report, and returns `true`: Node notes the promise in a map at
 * its beginning, whose `set` is made to say so. Returns `false` where the map cannot be reached.
 *
 * @param {(promise: Promise<unknown>) => void} begin
 */
function onReport(begin) {
  return internals.read((closure, evaluate) => {
    // The process of the main realm is the one that emits; a test runner may have made another.
    const report = closure(evaluate('process.nextTick'), 'processPromiseRejections');
    const reported = closure(report, 'maybeUnhandledPromises');
    const { set } = reported;
    Object.defineProperty(reported, 'set', { // Node has frozen what it inherits
      __proto__: null,
      value(promise) {
        begin(promise);
        return apply(set, this, arguments);
      },
    });
    return true;
  }) ?? false;
}

/**
 * Where onReport() returned `false`: `open(promise)` enters a scope around 'unhandledRejection',
 * and returns what leaves it. If nobody handled it, Node may go on to the handlers of
 * 'uncaughtException' right after, which shall see it, too. A listener of our own would change what
 * Node does without one, so emit() itself is wrapped.
 *
 * @param {(promise: Promise<unknown>) => (handled: boolean) => void} open
 */
function wrapEmit(open) {
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

module.exports = { onReport, wrapEmit };
