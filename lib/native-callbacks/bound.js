'use strict';

// Functions bound to the context in which they are handed to an addon.
//
// A bound function fills in a context where there is none. Where there is another one, it is either
// what Node or the hook of resources.js has made current for the addon's native object, which the
// bound function corrects, or one that JavaScript has entered, which stays: else a function that
// was registered with a database during request A, and that a query of B calls, would see A.

const { contexts } = require('./contexts.js');
const { isCalledByJavaScript } = require('./caller.js');

const { apply, construct } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { capture, isNone, isCurrent, isOfNativeObject, call, correctsUnknown } = contexts;

// In the place of the context of a function that is not bound, and of one that is never bound.
const UNBOUND = Symbol('unbound');
const NEVER = Symbol('never');

/** @typedef {any} MarkedFunction  a function, with the private fields of Marked or without */

/**
 * Keeps on a function itself, where nobody sees it, how it is bound: private fields of a foreign
 * object. With a WeakMap a new function for each call takes five times as long on average, because
 * the garbage collector looks at all of its entries each time.
 */
class Marked extends /** @type {new (fn: Function) => object} */ (
  /** @type {unknown} */ (
    function (/** @type {Function} */ fn) {
      return fn;
    }
  )
) {
  /** @type {unknown}  of a bound function: only this keeps its context alive */
  #context = UNBOUND;
  /**
   * What was bound last for this function: an addon that is given the same function in the same
   * context gets the same bound one, because it may compare them. Weak, because the program may
   * keep the function for ever, and then it would keep the stores of its last request.
   *
   * @type {WeakRef<any> | undefined}
   */
  #last;

  /**
   * What the addon is given without binding anew: a bound function, or one that is never bound.
   *
   * @param {MarkedFunction} fn
   */
  static known(fn) {
    if (!(#context in fn)) return undefined;
    if (fn.#context !== UNBOUND) return fn;
    const last = fn.#last?.deref();
    return last !== undefined && isCurrent(last.#context) ? last : undefined;
  }

  /**
   * @param {MarkedFunction} fn
   * @param {unknown} context
   */
  static setContext(fn, context) {
    if (mark(fn)) fn.#context = context;
  }

  /**
   * @param {MarkedFunction} fn
   * @param {Function} bound
   */
  static setLast(fn, bound) {
    if (mark(fn)) fn.#last = new WeakRef(bound);
  }

  /** @param {Function} fn */
  static has(fn) {
    return #context in fn;
  }
}

/**
 * A later V8 may refuse it for what is frozen: then it is bound anew each time.
 *
 * @param {Function} fn
 */
function mark(fn) {
  if (Marked.has(fn)) return true;
  try {
    return /** @type {object} */ (new Marked(fn)) === fn;
  } catch {
    return false;
  }
}

/**
 * For a class of an addon, and what an addon itself exports: an addon may be handed them.
 *
 * @param {Function} fn
 */
function neverBind(fn) {
  Marked.setContext(fn, NEVER);
}

/**
 * Whether a function is a class: it is for the addon to construct, or to take members from.
 *
 * @param {Function} fn
 */
function isClass(fn) {
  const prototype = getOwnPropertyDescriptor(fn, 'prototype');
  return prototype !== undefined && prototype.writable !== true;
}

/**
 * `fn` bound to the context of the running code; itself if there is none.
 *
 * @param {Function} fn
 */
function boundToCurrent(fn) {
  const known = Marked.known(fn);
  if (known !== undefined) return known;
  if (isNone()) return fn;
  const bound = bind(fn, capture());
  if (bound !== fn) Marked.setLast(fn, bound);
  return bound;
}

/**
 * @param {Function} fn
 * @param {unknown} context
 */
function bind(fn, context) {
  /** @param {...unknown} args */
  /** @type {(this: unknown, ...args: unknown[]) => unknown} */
  const bound = function (...args) {
    if (new.target !== undefined) {
      return construct(fn, args, new.target === bound ? fn : new.target);
    }
    if (isCurrent(context) || !(isNone() || isToBeCorrected(bound))) return apply(fn, this, args);
    return call(context, fn, this, args);
  };
  try {
    if (isClass(fn)) return fn;
    const { length } = fn;
    // Only where it differs, because defining it takes longer than everything else here.
    if (length !== 0) {
      defineProperty(bound, 'length', { __proto__: null, value: length, configurable: true });
    }
  } catch {
    return fn; // a proxy that is revoked, or a trap or getter that throws
  }
  Marked.setContext(bound, context);
  return bound;
}

/**
 * JavaScript has entered what is current if it is running, that is, if `bound` was not called from
 * the event loop.
 *
 * @param {Function} bound
 */
function isToBeCorrected(bound) {
  if (!isOfNativeObject()) return false;
  const answer = isCalledByJavaScript(bound);
  return answer === undefined ? correctsUnknown : !answer;
}

module.exports = { boundToCurrent, neverBind };
