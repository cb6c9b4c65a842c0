'use strict';

// A cache with callbacks: who asks while a key is being loaded waits for the first to come.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const loading = new Map();

function readOnce(file, callback) {
  const waiting = loading.get(file);
  if (waiting !== undefined) {
    waiting.push(callback);
    return;
  }
  loading.set(file, [callback]);
  fs.readFile(file, 'utf8', (error, text) => {
    const callbacks = loading.get(file);
    loading.delete(file);
    for (const each of callbacks) each(error, text); // finding: ran
  });
}

function handle(id) {
  // finding: made
  readOnce(__filename, () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
