'use strict';

// Contexts that the program restores itself, with runInAsyncScope(), bind() or snapshot(). What
// runs there runs where the program wants it to.

const { current, enter } = require('./contexts.js');
const { look, replaceMethod } = require('./methods.js');
const { begin, end } = require('./segments.js');

const { apply } = Reflect;

const NONE = Symbol('none');

/** @type {unknown} what was restored; `undefined` outside of all of them */
let restored;

/**
 * The function, for a call within what is restored.
 *
 * @param {Function} fn
 */
function restoring(fn) {
  return /** @this {unknown} @param {unknown[]} args */ function (...args) {
    const outer = restored;
    restored = current() ?? NONE;
    begin();
    try {
      return apply(fn, this, args);
    } finally {
      end();
      restored = outer;
    }
  };
}

/**
 * Whether the program has restored this context, in the running code.
 *
 * @param {import('./contexts.js').Context | undefined} context
 */
function isRestored(context) {
  return restored !== undefined && restored === (context ?? NONE);
}

/**
 * The function, for a call within what is restored. This package knows the stores of its own
 * storages only, where each resource has its stores: so the context is entered here.
 *
 * @param {import('./contexts.js').Context | undefined} context
 * @param {Function} fn
 */
function restoringIn(context, fn) {
  const inContext = restoring(fn);
  return /** @this {unknown} @param {unknown[]} args */ function (...args) {
    const inner = current();
    if (inner === context) return apply(inContext, this, args);
    enter(context);
    try {
      return apply(inContext, this, args);
    } finally {
      enter(inner);
    }
  };
}

/**
 * Has the snapshots of a class AsyncLocalStorage restore the context.
 *
 * @param {Function} original
 */
function snapshotOf(original) {
  /** @this {unknown} */
  return function snapshot() {
    const context = current();
    const restore = apply(original, this, []);
    /** @this {unknown} @param {any} fn @param {unknown[]} args */
    const restoreAll = function (fn, ...args) {
      const inside = typeof fn === 'function' ? restoringIn(context, fn) : fn;
      return apply(restore, this, [inside, ...args]);
    };
    look(restoreAll, restore);
    return restoreAll;
  };
}

/** @type {WeakSet<Function>} what was given to queueMicrotask() */
const microtasks = new WeakSet();

/** Node runs these as a resource of its own, which the program has not asked for. */
function watchMicrotasks() {
  replaceMethod(
    globalThis,
    'queueMicrotask',
    (original) =>
      /** @this {unknown} @param {any[]} args */
      function (...args) {
        if (typeof args[0] === 'function') microtasks.add(args[0]);
        return apply(original, this, args);
      },
  );
}

/**
 * Whether Node has made the resource for a microtask.
 *
 * @param {any} resource
 */
function isMicrotask(resource) {
  if (resource === null || typeof resource !== 'object') return false;
  const callback = Object.getOwnPropertyDescriptor(resource, 'callback')?.value;
  return typeof callback === 'function' && microtasks.has(callback);
}

/**
 * Has the resources of a class restore their contexts.
 *
 * @param {any} Class
 */
function watchResources({ prototype }) {
  replaceMethod(
    prototype,
    'runInAsyncScope',
    (original) =>
      /** @this {unknown} @param {any} fn @param {unknown[]} args */
      function (fn, ...args) {
        const isRestoring = typeof fn === 'function' && !isMicrotask(this);
        return apply(original, this, [isRestoring ? restoring(fn) : fn, ...args]);
      },
  );
}

module.exports = { isRestored, restoringIn, snapshotOf, watchMicrotasks, watchResources };
