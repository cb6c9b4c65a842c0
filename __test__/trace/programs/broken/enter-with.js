'use strict';

// The store is entered by enterWith(), as agents and test runners do; the loss is the same.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];
const interval = setInterval(() => {
  for (const callback of waiting.splice(0)) callback(); // finding: ran
  if (reads.length === 3) clearInterval(interval);
}, 5);

function handle(id) {
  storage.enterWith({ id });
  // finding: made
  waiting.push(() => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) setImmediate(handle, id);
