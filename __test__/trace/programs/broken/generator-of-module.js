'use strict';

// Coroutines of a module: each request begins its own, and a timer of the start-up goes on with it.
// expect: lost certain birth
// mend: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const coroutines = [];
const interval = setInterval(() => {
  for (const coroutine of coroutines.splice(0)) {
    if (!coroutine.next().done) coroutines.push(coroutine); // finding: ran
  }
  if (coroutines.length === 0) clearInterval(interval);
}, 2);

// finding: made
function* steps(id) {
  yield storage.getStore();
  reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  yield;
}

function handle(id) {
  const coroutine = steps(id);
  coroutine.next();
  coroutines.push(coroutine);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
