'use strict';

// A limiter that requests share: what one runs at its end is the function of another.
// expect: foreign certain birth|bind
// mend: proven
// package made: p-limit/index.js:35
// package ran: p-limit/index.js:16 p-limit/index.js:23

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const pLimit = require('p-limit');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const limit = pLimit(2);

async function handle(id) {
  // finding: made
  await limit(async () => {
    await sleep(1);
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3, 4, 5]) storage.run({ id }, handle, id);
