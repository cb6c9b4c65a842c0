'use strict';

// The version of p-limit that keeps the context.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(limit, id) {
  await limit(async () => {
    read(id);
    await sleep(1);
    read(id);
  });
  read(id);
}

import('p-limit-7').then(({ default: pLimit }) => {
  const limit = pLimit(1);
  for (const id of [1, 2, 3]) storage.run({ id }, handle, limit, id);
});
