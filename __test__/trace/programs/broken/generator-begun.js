'use strict';

// A generator that its request begins, and a timer of the start-up goes on with.
// expect: lost certain birth
// mend: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]); // finding: read

const stepping = new Set();
const interval = setInterval(() => {
  for (const steps of stepping) {
    if (steps.next().done) stepping.delete(steps); // finding: ran
  }
  if (stepping.size === 0) clearInterval(interval);
}, 2);

function handle(id) {
  // finding: made
  const steps = (function* () {
    read(id);
    yield;
    read(id);
    yield* [1, 2];
    read(id);
  })();
  steps.next();
  stepping.add(steps);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
