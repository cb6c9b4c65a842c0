'use strict';

// Contexts in the threads: each task reads the store of the request that submitted it, and what it
// counts there comes back.
//
// Prints:
//   request 1: looks for tea
//   request 1: found tea
//   request 2: looks for milk
//   request 2: found milk
//   queries of request 1: 1
//   queries of request 2: 1

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');
const { storageFor } = require('async-hooks-rs/contexts');

const request = storageFor('example.request', {
  merge(original, returned) {
    original.queries += returned.queries;
  },
});

async function main() {
  const processor = path.join(__dirname, 'support/order.cjs');
  const pool = new WorkerPool(2, processor, { contexts: [{ storage: request, returns: true }] });

  const stores = ['request 1', 'request 2'].map((id) => ({ id, queries: 0 }));
  const items = ['tea', 'milk'];
  const logs = await Promise.all(
    stores.map((store, i) => request.run(store, () => pool.run(items[i]))),
  );

  for (const line of logs.flat()) console.log(line);
  for (const { id, queries } of stores) console.log(`queries of ${id}: ${queries}`);
  await pool.close();
}

main();
