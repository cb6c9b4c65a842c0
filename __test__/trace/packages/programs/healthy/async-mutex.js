'use strict';

// A mutex and a semaphore that requests share, with promises.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { Mutex, Semaphore } = require('async-mutex');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
const mutex = new Mutex();
const semaphore = new Semaphore(2);

async function handle(id) {
  await mutex.runExclusive(async () => {
    read(id);
    await sleep(1);
    read(id);
  });
  const [, release] = await semaphore.acquire();
  read(id);
  await sleep(1);
  release();
  read(id);
}

for (const id of [1, 2, 3, 4]) storage.run({ id }, handle, id);
