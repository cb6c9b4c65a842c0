'use strict';

// Who holds a pool. What Node calls (the addon's channel, listeners of workers, timers) reaches it
// weakly. So a pool that nobody can reach and that has nothing to do (liveness.js) is collected,
// and its threads end.

/**
 * A function for Node to call that does not hold `object`. Neither may `method`: it does if another
 * closure beside it uses `this`, because closures of one call share their context.
 *
 * @template {unknown[]} A
 * @template {object} T
 * @param {T} object
 * @param {(object: T, ...args: A) => void} method
 * @returns {(...args: A) => void}
 */
function weakly(object, method) {
  const reference = new WeakRef(object);
  return (...args) => {
    const target = reference.deref();
    if (target !== undefined) method(target, ...args);
  };
}

/** @typedef {{ terminate(): unknown }} Handle  by which a thread is ended */

const dropped = new FinalizationRegistry(({ native, handles }) => {
  native.close();
  native.release();
  for (const handle of handles) handle.terminate();
});

/**
 * Ends a pool once it is collected: that of the addon, and the threads.
 *
 * @param {object} pool
 * @param {import('../package/addon.js').NativePool} native
 * @param {Iterable<Handle>} handles  of the threads that have to be ended
 */
function closeDropped(pool, native, handles) {
  dropped.register(pool, { native, handles }, pool);
}

/**
 * The pool was closed: there is nothing left to end when it is collected.
 *
 * @param {object} pool
 */
function wasClosed(pool) {
  dropped.unregister(pool);
}

module.exports = { closeDropped, wasClosed, weakly };
