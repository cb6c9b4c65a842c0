'use strict';

// Node's own callbacks inside a scope with one store: the cost of carrying the context. The
// callbacks do nothing, but the last one must see the store.

const fs = require('node:fs');
const { ALL, loop, storages, inScopes } = require('./define.js');

const TIMERS = 10_000;

/** `work(n, last)` has to call `last` in the n-th callback. */
function inScope(work) {
  return ({ AsyncLocalStorage }) => {
    const entries = storages(AsyncLocalStorage, 1);
    const [{ storage, store }] = entries;
    return (n) =>
      new Promise((resolve, reject) => {
        const last = () => {
          if (storage.getStore() === store) resolve(n);
          else reject(new Error('the store is lost'));
        };
        inScopes(entries, work, n, last);
      });
  };
}

/** Each callback schedules the next. */
function chained(schedule) {
  return inScope((n, last) => {
    const step = () => {
      if (--n === 0) last();
      else schedule(step);
    };
    schedule(step);
  });
}

/** `width` callbacks are scheduled at once; the last of them schedules as many again. */
function batched(width, schedule) {
  return inScope((n, last) => {
    let left;
    const step = () => {
      if (--left > 0) return;
      if (n === 0) last();
      else batch();
    };
    const batch = () => {
      left = Math.min(n, width);
      n -= left;
      for (let i = left; i > 0; i--) schedule(step);
    };
    batch();
  });
}

module.exports = [
  // Enough that the first is due before the last is created; otherwise the loop would wait for the
  // clock.
  {
    ...loop(
      'setTimeout',
      'timers, 10,000 at once',
      batched(TIMERS, (fn) => setTimeout(fn, 1)),
      ALL,
    ),
    step: TIMERS,
  },
  loop('setImmediate', 'immediates, 100 at once', batched(100, setImmediate), ALL),
  loop('nextTick', 'ticks, each from the last', chained(process.nextTick), ALL),
  loop('queueMicrotask', 'microtasks, each from the last', chained(queueMicrotask), ALL),
  loop(
    'fs-stat',
    'fs.stat(), 16 at once',
    batched(16, (fn) => fs.stat(__filename, fn)),
    ALL,
  ),
];
