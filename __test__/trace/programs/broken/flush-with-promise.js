'use strict';

// As flush-interval.js, but each entry has a promise that the request awaits.
// expect: lost possible settle
// options: --possible

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const queue = [];
const interval = setInterval(() => {
  for (const entry of queue.splice(0)) write(entry);
}, 5);

function write(entry) {
  reads.push([entry.id, storage.getStore()?.id ?? null]); // finding: read
  entry.resolve();
}

async function handle(id) {
  await new Promise((resolve) => {
    queue.push({ id, resolve });
  });
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id))).then(() =>
  clearInterval(interval),
);
