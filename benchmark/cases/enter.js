'use strict';

// run() and enterWith().

const { loop, storages, inScopes } = require('./define.js');

let calls = 0;
const count = () => {
  calls++;
};

/** run() of one storage while `others` are active. */
function running(others) {
  return ({ AsyncLocalStorage }) => {
    const entries = storages(AsyncLocalStorage, others + 1);
    const { storage, store } = entries.pop();
    const enter = (n) => {
      for (let i = 0; i < n; i++) storage.run(store, count);
      return calls;
    };
    return (n) => inScopes(entries, enter, n);
  };
}

/** Ten run() inside each other; one iteration is all ten. */
function runningNested({ AsyncLocalStorage }) {
  const chain = storages(AsyncLocalStorage, 10).reduceRight(
    (inner, { storage, store }) =>
      () =>
        storage.run(store, inner),
    count,
  );
  return (n) => {
    for (let i = 0; i < n; i++) chain();
    return calls;
  };
}

/** enterWith() of one storage while `others` are active, with two stores in turn. */
function entering(others) {
  return ({ AsyncLocalStorage }) => {
    const entries = storages(AsyncLocalStorage, others + 1);
    const { storage } = entries.pop();
    const stores = [{ n: 1 }, { n: 2 }];
    const enter = (n) => {
      for (let i = 0; i < n; i++) storage.enterWith(stores[i & 1]);
      return storage.getStore().n;
    };
    return (n) => inScopes(entries, enter, n);
  };
}

module.exports = [
  loop('run-1', 'run(), no other store active', running(0)),
  loop('run-10', 'run() with nine other stores active', running(9)),
  loop('run-nested', 'ten run() inside each other', runningNested),
  loop('enterWith-1', 'enterWith(), no other store active', entering(0)),
  loop('enterWith-10', 'enterWith() with nine other stores active', entering(9)),
];
