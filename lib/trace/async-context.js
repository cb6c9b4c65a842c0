'use strict';

// The variables and snapshots of AsyncContext. A variable is a storage under another name.

const { current } = require('./contexts.js');
const { look, replaceMethod } = require('./methods.js');
const { restoringIn } = require('./restores.js');

const { apply } = Reflect;

/** @type {WeakMap<object, import('./contexts.js').Context | undefined>} what snapshots restore */
const contexts = new WeakMap();

/**
 * Follows the variables and snapshots of this package.
 *
 * @param {import('./storages.js').Storages} storages
 */
function followAsyncContext(storages) {
  const { Variable, Snapshot, onMade } = require('../async-context.js');
  storages.follow(Variable);
  watchSnapshots(Snapshot);
  /**
   * @param {object} made
   * @param {unknown} [options]
   */
  const notice = (made, options) => {
    if (made instanceof Variable) storages.made(made, options, notice);
    else contexts.set(made, current());
  };
  onMade(notice);
}

/**
 * Has snapshots restore the context in which they were made.
 *
 * @param {any} Snapshot
 */
function watchSnapshots(Snapshot) {
  replaceMethod(
    Snapshot.prototype,
    'run',
    (original) =>
      /** @this {any} @param {any} fn @param {unknown[]} args */
      function (fn, ...args) {
        const isKnown = typeof fn === 'function' && contexts.has(this);
        const inside = isKnown ? restoringIn(contexts.get(this), fn) : fn;
        return apply(original, this, [inside, ...args]);
      },
  );
  replaceMethod(
    Snapshot,
    'wrap',
    (original) =>
      /** @this {unknown} @param {any} fn */
      function (fn) {
        if (typeof fn !== 'function') return apply(original, this, [fn]);
        const inside = restoringIn(current(), fn);
        look(inside, fn);
        return apply(original, this, [inside]);
      },
  );
}

module.exports = { followAsyncContext };
