'use strict';

// What a function makes before it calls enterWith() is of no context, and asks for none.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function handle(id) {
  const log = (expected) => reads.push([expected, storage.getStore()?.id ?? null]);
  setTimeout(() => log(null), 1);
  setImmediate(() => log(null));
  storage.enterWith({ id });
  setTimeout(() => read(id), 1);
  Promise.resolve().then(() => read(id));
  if (id > 1) {
    storage.enterWith({ id: id * 10 });
    setImmediate(() => read(id * 10));
  }
}

for (const id of [1, 2, 3]) setImmediate(handle, id);
