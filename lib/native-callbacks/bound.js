'use strict';

// Functions bound to the context in which they are handed to an addon.
//
// A bound function fills in a context where there is none. Where there is another one, it is either
// what Node or the hook of resources.js has made current for the addon's native object, which the
// bound function corrects, or one that JavaScript has entered, which stays: else a function that
// was registered with a database during request A, and that a query of B calls, would see A.
// JavaScript has entered it if any JavaScript is running, that is, if the function was not called
// from the event loop.

const { contexts } = require('./contexts.js');

const { apply, construct } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { capture, isNone, isCurrent, call } = contexts;

/**
 * The last binding of a function. An addon that is given the same function in the same context gets
 * the same bound one: it may compare them.
 *
 * @type {WeakMap<Function, { context: unknown, bound: Function }>}
 */
const bindings = new WeakMap();

/** @type {WeakSet<Function>}  what is never bound */
const exempt = new WeakSet();

/** Has a function never be bound: a class of an addon, or what an addon itself exports. */
function neverBind(fn) {
  exempt.add(fn);
}

/** Whether a function is a class: it is for the addon to construct, or to take members from. */
function isClass(fn) {
  const prototype = getOwnPropertyDescriptor(fn, 'prototype');
  return prototype !== undefined && prototype.writable !== true;
}

/** `fn` bound to the context of the running code; itself if there is none. */
function boundToCurrent(fn) {
  const last = bindings.get(fn);
  if (last !== undefined && isCurrent(last.context)) return last.bound;
  if (isNone() || exempt.has(fn) || isClass(fn)) return fn;
  const context = capture();
  const bound = bind(fn, context);
  exempt.add(bound); // an addon may hand it back to the program
  bindings.set(fn, { context, bound });
  return bound;
}

function bind(fn, context) {
  const bound = function(...args) {
    if (new.target !== undefined) {
      return construct(fn, args, new.target === bound ? fn : new.target);
    }
    if (isCurrent(context) || (!isNone() && isCalledByJavaScript(bound))) {
      return apply(fn, this, args);
    }
    return call(context, fn, this, args);
  };
  // Only where it differs, because defining it takes longer than everything else here.
  if (fn.length !== 0) {
    defineProperty(bound, 'length', { __proto__: null, value: fn.length, configurable: true });
  }
  return bound;
}

// Through this file Node calls back for an addon while hooks are enabled.
const TRAMPOLINE = 'node:internal/async_hooks';

const isFromJavaScript = (_, sites) => sites.some((site) => site.getFileName() !== TRAMPOLINE);

/**
 * Whether `bound`, which is running, was called by a function of JavaScript, directly or through
 * native code. Takes about a microsecond.
 */
function isCalledByJavaScript(bound) {
  const limit = getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const prepare = getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  if (!Object.isExtensible(Error) || limit?.writable !== true || prepare?.writable === false) {
    return true; // frozen: it is not known, and the context stays as it is
  }
  const trace = {};
  Error.stackTraceLimit = 2;
  Error.prepareStackTrace = isFromJavaScript;
  try {
    Error.captureStackTrace(trace, bound);
    return trace.stack;
  } finally {
    Error.stackTraceLimit = limit.value;
    if (prepare === undefined) delete Error.prepareStackTrace;
    else defineProperty(Error, 'prepareStackTrace', prepare);
  }
}

module.exports = { boundToCurrent, isClass, neverBind };
