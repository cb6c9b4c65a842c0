'use strict';

// As generator.js, but the store is read after a `yield`, when the scheduler goes on.
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

function handle(id) {
  // finding: made
  function* steps() {
    yield;
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    yield;
  }
  coroutines.push(steps());
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
