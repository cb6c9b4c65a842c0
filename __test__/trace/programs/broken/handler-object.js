'use strict';

// The request hands over an object with methods, as parsers and drivers take it.
// expect: lost certain birth

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const handlers = [];
const interval = setInterval(() => {
  for (const handler of handlers.splice(0)) {
    handler.onRow('row'); // finding: ran
    handler.onEnd(); // finding: ran
  }
  if (reads.length === 6) clearInterval(interval);
}, 5);

function handle(id) {
  handlers.push({
    // finding: made
    onRow() {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    },
    // finding: made
    onEnd: () => reads.push([id, storage.getStore()?.id ?? null]), // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
