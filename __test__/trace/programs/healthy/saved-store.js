'use strict';

// The store is asked for at once and carried as a value: nothing is read later.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const queue = [];
const interval = setInterval(() => {
  for (const { id, store, done } of queue.splice(0)) {
    reads.push([id, store.id]);
    done();
  }
}, 1);

function log(id) {
  return new Promise((resolve) => {
    queue.push({ id, store: storage.getStore(), done: () => resolve() });
  });
}

async function handle(id) {
  await log(id);
  read(id);
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id))).then(() =>
  clearInterval(interval),
);
