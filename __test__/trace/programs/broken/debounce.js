'use strict';

// A timer of the first request runs the function of the last.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

let latest;
let timer;

function debounce(task) {
  latest = task;
  timer ??= setTimeout(() => {
    timer = undefined;
    latest(); // finding: ran
  }, 2);
}

function handle(id) {
  // finding: made
  debounce(() => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
