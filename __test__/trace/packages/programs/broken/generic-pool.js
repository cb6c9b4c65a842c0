'use strict';

// The callback of a request that had to wait runs where another gives its object back.
// expect: foreign certain birth
// mend: proven
// package ran: generic-pool/lib/generic-pool.js:310

const { AsyncLocalStorage } = require('node:async_hooks');
const { Pool } = require('generic-pool');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const pool = new Pool({
  name: 'objects',
  max: 1,
  create: (callback) => setImmediate(callback, null, {}),
  destroy: () => {},
});

let left = 3;

function handle(id) {
  // finding: made
  pool.acquire((error, object) => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    setImmediate(() => {
      pool.release(object);
      if (--left === 0) pool.drain(() => pool.destroyAllNow());
    });
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
