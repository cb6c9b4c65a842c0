'use strict';

// The pool with promises: await brings each request back.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { createPool } = require('generic-pool-3');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
const pool = createPool({ create: async () => ({}), destroy: async () => {} }, { max: 1 });

async function handle(id) {
  const object = await pool.acquire();
  read(id);
  await null;
  read(id);
  await pool.release(object);
  read(id);
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id)))
  .then(() => pool.drain())
  .then(() => pool.clear());
