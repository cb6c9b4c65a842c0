'use strict';

// getStore() with one and with ten stores active.

const { loop, storages, inScopes } = require('./define.js');

/** Reads one storage over and over, while `count` are active; the last one is the innermost. */
function reading(count, index) {
  return ({ AsyncLocalStorage }) => {
    const entries = storages(AsyncLocalStorage, count);
    const { storage } = entries[index];
    const read = (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += storage.getStore().n;
      return sum;
    };
    return (n) => inScopes(entries, read, n);
  };
}

/**
 * Reads ten storages one after the other: the next read is never of the storage that was read last.
 */
function readingInTurn({ AsyncLocalStorage }) {
  const entries = storages(AsyncLocalStorage, 10);
  const read = (n) => {
    let sum = 0;
    for (let i = 0, at = 0; i < n; i++) {
      sum += entries[at].storage.getStore().n;
      if (++at === entries.length) at = 0;
    }
    return sum;
  };
  return (n) => inScopes(entries, read, n);
}

module.exports = [
  loop('getStore-1', 'getStore(), one store active', reading(1, 0)),
  loop('getStore-10-top', 'getStore() of the innermost of ten', reading(10, 9)),
  loop('getStore-10-deep', 'getStore() of the outermost of ten (depth 9)', reading(10, 0)),
  loop('getStore-10-turn', 'getStore() of ten, one after the other', readingInTurn),
];
