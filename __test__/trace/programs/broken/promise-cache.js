'use strict';

// A promise that one request makes and others await: what it found is of the first.
// expect: foreign possible share
// options: --possible

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const cache = new Map();

async function load(key) {
  await sleep(2);
  const store = storage.getStore(); // finding: read
  return { key, owner: store?.id ?? null };
}

function cached(key) {
  if (!cache.has(key)) cache.set(key, load(key));
  return cache.get(key);
}

async function handle(id) {
  const { owner } = await cached('settings');
  reads.push([id, owner]);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
