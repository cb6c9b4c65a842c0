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
 * Has the snapshots of a class AsyncLocalStorage restore the context. That of this package knows
 * the stores of its own storages only, where each resource has its stores.
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
      if (typeof fn !== 'function') return apply(restore, this, [fn, ...args]);
      const inContext = restoring(fn);
      /** @param {unknown[]} given */
      const entered = (...given) => {
        const inner = current();
        if (inner === context) return inContext(...given);
        enter(context);
        try {
          return inContext(...given);
        } finally {
          enter(inner);
        }
      };
      return apply(restore, this, [entered, ...args]);
    };
    look(restoreAll, restore);
    return restoreAll;
  };
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
        return apply(original, this, [typeof fn === 'function' ? restoring(fn) : fn, ...args]);
      },
  );
}

module.exports = { isRestored, snapshotOf, watchResources };
