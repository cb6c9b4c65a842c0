'use strict';

// Keeps Node from tracking promises on behalf of our hook. A hook of async_hooks makes Node install
// promise hooks of its own, which make every await several times as slow; we carry promises
// ourselves and need none of it.

const { createHook } = require('./async-hooks.js');
const internals = require('./internals.js');
const { enqueueMicrotask } = require('./microtask.js');

// Hooks that carry promises themselves, and what took Node's promise hooks out for them.
const own = new WeakSet();
const stopped = new WeakSet();

/**
 * Returns `hook` in a form whose `enable()` leaves the tracking of promises as it is: on if
 * anybody else wants it, off otherwise.
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
  return Object.getOwnPropertySymbols(createHook({ __proto__: null }))
    .find(({ description }) => description === 'kNoPromiseHook');
}

// Older versions have no such mark: there enabling any hook installs Node's promise hooks. If only
// hooks of ours are enabled, they are taken out again with Node's own function. (Replacing them
// through V8, as an earlier design did, loses the promise hooks of everyone else.) If Node had them
// in before, that waits for a microtask of its own, as in Node's disablePromiseHookIfNecessary():
// inside a promise callback that Node has seen begin, it must see the end too, or it ends the
// process. Where the inspector is refused, Node's hooks stay: slower, but nothing is lost.
function enableUntracked(hook) {
  own.add(hook);
  internals.read((closure) => {
    const update = closure(Object.getPrototypeOf(hook).enable, 'updatePromiseHookMode');
    const { array } = closure(update, 'active_hooks');
    const before = closure(update, 'stopPromiseHook');
    hook.enable();
    const stop = closure(update, 'stopPromiseHook');
    const stopIfOurs = () => {
      if (!array.every((enabled) => own.has(enabled))) return;
      stop();
      stopped.add(stop);
    };
    if (before === undefined || stopped.has(before)) stopIfOurs();
    else enqueueMicrotask(stopIfOurs);
  });
  hook.enable(); // for the case that the inspector was refused; otherwise it does nothing
}

module.exports = { withoutPromises, noPromiseHookSymbol };
