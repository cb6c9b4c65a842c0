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
const { captureStackTrace } = Error;
const { capture, isNone, isCurrent, call } = contexts;

/**
 * The last binding of a function: an addon that is given the same function in the same context gets
 * the same bound one, because it may compare them.
 *
 * @typedef {object} Binding
 * @property {unknown} context
 * @property {Function} bound
 */

// What is never bound has this one. An addon may hand a bound function back to the program.
const NEVER = Object.freeze({ context: undefined, bound: undefined });

/**
 * Keeps the binding on the function itself, where nobody sees it: a private field of a foreign
 * object. With a WeakMap a new function for each call takes five times as long on average, because
 * the garbage collector looks at all of its entries each time.
 */
class Marked extends /** @type {new (fn: Function) => object} */ (
  /** @type {unknown} */ (function(fn) { return fn; })) {
  /** @type {Binding | typeof NEVER | undefined} */
  #binding;

  static binding(fn) {
    return #binding in fn ? fn.#binding : undefined;
  }

  static bind(fn, binding) {
    try {
      if (!(#binding in fn)) new Marked(fn);
    } catch {
      return; // a later V8 may refuse it for what is frozen: then it is bound anew each time
    }
    fn.#binding = binding;
  }
}

/** Has a function never be bound: a class of an addon, or what an addon itself exports. */
function neverBind(fn) {
  Marked.bind(fn, NEVER);
}

/** Whether a function is a class: it is for the addon to construct, or to take members from. */
function isClass(fn) {
  const prototype = getOwnPropertyDescriptor(fn, 'prototype');
  return prototype !== undefined && prototype.writable !== true;
}

/** `fn` bound to the context of the running code; itself if there is none. */
function boundToCurrent(fn) {
  const last = Marked.binding(fn);
  if (last === NEVER) return fn;
  if (last !== undefined && isCurrent(last.context)) return last.bound;
  if (isNone() || isClass(fn)) return fn;
  const context = capture();
  const bound = bind(fn, context);
  neverBind(bound);
  Marked.bind(fn, { context, bound });
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
    captureStackTrace(trace, bound);
    return trace.stack;
  } finally {
    Error.stackTraceLimit = limit.value;
    if (prepare === undefined) delete Error.prepareStackTrace;
    else defineProperty(Error, 'prepareStackTrace', prepare);
  }
}

module.exports = { boundToCurrent, isClass, neverBind };
