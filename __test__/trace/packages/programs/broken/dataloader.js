'use strict';

// A loader that requests share: the first of a batch loads for all.
// expect: foreign possible batch
// options: --possible

const { AsyncLocalStorage } = require('node:async_hooks');
const DataLoader = require('dataloader');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const users = new DataLoader(async (ids) => {
  const store = storage.getStore(); // finding: read
  for (const id of ids) reads.push([id, store?.id ?? null]);
  return ids.map((id) => ({ id }));
});

async function handle(id) {
  await users.load(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
