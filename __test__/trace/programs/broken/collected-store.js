'use strict';

// What waits knows nothing of the store, which is collected before the callback runs.
// expect: lost certain birth
// mend: proven
// flags: --expose-gc

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];
const interval = setInterval(() => {
  globalThis.gc();
  for (const callback of waiting.splice(0)) callback(); // finding: ran
  if (reads.length === 3) clearInterval(interval);
}, 5);

function handle(id) {
  // finding: made
  waiting.push(() => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
