'use strict';

// A loader for each request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const DataLoader = require('dataloader');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(id) {
  const users = new DataLoader(async (keys) => {
    read(id);
    await null;
    read(id);
    return keys;
  });
  await Promise.all([users.load('a'), users.load('b')]);
  read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
