'use strict';

// Rejections that nobody handles. Node reports each with a series of events, which depends on
// --unhandled-rejections ('unhandledRejection', 'uncaughtExceptionMonitor', 'uncaughtException',
// 'warning', the 'error' of a domain). A program may emit the same events itself, so the engines
// are told where a report begins.

const { isPromise } = require('node:util').types;
const internals = require('./internals.js');

const { apply } = Reflect;

/**
 * Calls `begin(promise)` before each report and returns `true`. A report begins when Node notes the
 * promise in a map, whose `set` is replaced. Returns `false` where the map cannot be reached.
 *
 * @param {(promise: Promise<unknown>) => void} begin
 */
function onReport(begin) {
  return (
    internals.read((closure, evaluate) => {
      // The process of the main realm is the one that emits; a test runner may have made another.
      const report = closure(evaluate('process.nextTick'), 'processPromiseRejections');
      const reported = closure(report, 'maybeUnhandledPromises');
      const { set } = reported;
      Object.defineProperty(reported, 'set', {
        // Node has frozen what it inherits
        __proto__: null,
        /** @param {Promise<unknown>} promise */
        value(promise) {
          begin(promise);
          return apply(set, this, arguments);
        },
      });
      return true;
    }) ?? false
  );
}

/**
 * For hosts where onReport() returned `false`. `open(promise)` enters a scope around
 * 'unhandledRejection', and returns a function that leaves it. If nobody handled the event, Node
 * may call the handlers of 'uncaughtException' next, which must see the scope, too. Wraps emit(),
 * because a listener of ours would change what Node does without one.
 *
 * @param {(promise: Promise<unknown>) => (handled: boolean) => void} open
 */
function wrapEmit(open) {
  const { emit } = process;
  /** @type {(this: NodeJS.Process, ...args: any[]) => any}  it emits any event */
  const wrapped = function (event, reason, promise) {
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
  process.emit = wrapped;
}

module.exports = { onReport, wrapEmit };
