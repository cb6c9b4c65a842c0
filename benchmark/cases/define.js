'use strict';

// Parts that cases share.

const BOTH = { contenders: ['builtin', 'ours'], quotients: [['builtin', 'ours']] };

const ALL = {
  contenders: ['none', 'builtin', 'ours'],
  quotients: [
    ['builtin', 'ours'],
    ['ours', 'none'],
    ['builtin', 'none'],
  ],
};

/** A loop whose iterations are timed. */
function loop(name, title, prepare, others = BOTH) {
  return { name, title, prepare, kind: 'loop', units: { time: 'ns' }, rounds: (n) => n, ...others };
}

/** `count` storages with a store for each. */
function storages(AsyncLocalStorage, count) {
  return Array.from({ length: count }, (_, n) => ({
    storage: new AsyncLocalStorage(),
    store: { n },
  }));
}

/** Runs `fn` in a scope of each of them, the first outermost. */
function inScopes(entries, fn, ...args) {
  return entries.reduceRight(
    (inner, { storage, store }) =>
      () =>
        storage.run(store, inner),
    () => fn(...args),
  )();
}

module.exports = { BOTH, ALL, loop, storages, inScopes };
