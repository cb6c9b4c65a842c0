'use strict';

// `node --expose-gc heap.js <contender> <stores>` prints the bytes of one scope, the pending
// promise in it included.

const { load } = require('./contender.js');
const { storages, inScopes } = require('./cases/define.js');

const SCOPES = 20_000;

const { AsyncLocalStorage } = load(process.argv[2]);
const entries = storages(AsyncLocalStorage, Number(process.argv[3]));
const kept = new Array(SCOPES).fill(null);

function pending() {
  const promise = new Promise(() => {});
  promise.then(pending); // never called; the reaction is what a context hangs on
  return promise;
}

function used() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

setTimeout(() => {
  inScopes(entries, pending); // what exists once is made before
  const before = used();
  for (let i = 0; i < SCOPES; i++) kept[i] = inScopes(entries, pending);
  const bytes = (used() - before) / SCOPES;
  console.log(JSON.stringify({ bytes }));
  kept.length = 0; // alive until here
}, 1);
