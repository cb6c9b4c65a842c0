'use strict';

// Keeps Node from tracking promises on behalf of our hook. For a hook of async_hooks Node installs
// promise hooks, which make every await several times as slow. Our engines carry promises
// themselves.

const { createHook } = require('./async-hooks.js');
const internals = require('./internals.js');
const { enqueueMicrotask } = require('./microtask.js');

/** @typedef {import('node:async_hooks').AsyncHook} AsyncHook */

// The hooks of our engines, and the functions that have stopped Node's promise hooks for them.
const own = new WeakSet();
const stopped = new WeakSet();

/**
 * Returns `hook` in a form whose `enable()` leaves the tracking of promises as it is: on if
 * anybody else wants it, off otherwise.
 *
 * @param {any} hook
 */
function withoutPromises(hook) {
  const marker = noPromiseHookSymbol();
  if (marker !== undefined) {
    hook[marker] = true; // what `trackPromises: false` sets on Node 24
    return hook;
  }
  return { enable: () => enableUntracked(hook) };
}

// Node 22.13 and later mark a hook that wants no promises with this symbol.
function noPromiseHookSymbol() {
  return Object.getOwnPropertySymbols(createHook({ __proto__: null })).find(
    ({ description }) => description === 'kNoPromiseHook',
  );
}

/**
 * Older versions have no such mark: enabling any hook installs Node's promise hooks. If only hooks
 * of ours are enabled, Node's own function takes them out again. (Replacing them through V8 would
 * lose the promise hooks of everyone else.) If Node had installed them before, that waits for a
 * microtask, as in Node's disablePromiseHookIfNecessary(): if Node has seen a promise callback
 * begin, it must see its end, or it ends the process. Where the inspector is refused, Node's hooks
 * stay: slower, but nothing is lost.
 *
 * @param {any} hook
 */
function enableUntracked(hook) {
  own.add(hook);
  internals.read((closure) => {
    const update = closure(Object.getPrototypeOf(hook).enable, 'updatePromiseHookMode');
    const { array } = closure(update, 'active_hooks');
    const before = closure(update, 'stopPromiseHook');
    hook.enable();
    const stop = closure(update, 'stopPromiseHook');
    const stopIfOurs = () => {
      if (!array.every((/** @type {any} */ enabled) => own.has(enabled))) return;
      stop();
      stopped.add(stop);
    };
    if (before === undefined || stopped.has(before)) stopIfOurs();
    else enqueueMicrotask(stopIfOurs);
  });
  hook.enable(); // for the case that the inspector was refused; otherwise it does nothing
}

module.exports = { withoutPromises, noPromiseHookSymbol };
