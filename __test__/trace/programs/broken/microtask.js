'use strict';

// A request calls what others have left, in a microtask, which keeps the context of that request.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];

function handle(id) {
  // finding: made
  waiting.push(() => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

function flush() {
  for (const callback of waiting.splice(0)) callback(); // finding: ran
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
storage.run({ id: 4 }, () => queueMicrotask(flush));
