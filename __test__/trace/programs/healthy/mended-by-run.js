'use strict';

// Queues of an interval whose entries carry their store, which run() enters again.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const entries = [];
const callbacks = [];

const interval = setInterval(() => {
  for (const { store, id } of entries.splice(0)) storage.run(store, write, id);
  for (const { store, callback } of callbacks.splice(0)) storage.run(store, callback);
  if (reads.length === 9) clearInterval(interval);
}, 2);

function write(id) {
  read(id);
}

function handle(id) {
  const store = storage.getStore();
  entries.push({ id, store });
  callbacks.push({
    store,
    callback: () => {
      read(id);
      setImmediate(() => read(id));
    },
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
