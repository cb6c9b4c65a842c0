'use strict';

// A loop of async functions inside the scopes of one and of ten storages. One iteration has nine
// awaits, in functions nested three deep.

const { ALL, loop, storages, inScopes } = require('./define.js');

async function inner(value) {
  await null;
  await null;
  return value;
}

async function middle(value) {
  const first = await inner(value);
  const second = await inner(value);
  await null;
  return first + second;
}

async function work(n, storage, store) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += await middle(1);
    await null;
  }
  if (storage.getStore() !== store) throw new Error('the store is lost');
  return sum;
}

function awaiting(count) {
  return ({ AsyncLocalStorage }) => {
    const entries = storages(AsyncLocalStorage, count);
    const [{ storage, store }] = entries;
    return (n) => inScopes(entries, work, n, storage, store);
  };
}

module.exports = [
  loop('await-1', 'nine awaits, one storage', awaiting(1), ALL),
  loop('await-10', 'nine awaits, ten storages', awaiting(10), ALL),
];
