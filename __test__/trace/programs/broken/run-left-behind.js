'use strict';

// A store that is entered by enterWith() inside of run() stays, on Node 20 and 22, when run() has
// ended, whose own store is gone: what is left is not the context in which the callback was made.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const requests = new AsyncLocalStorage();
const traces = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];

function handle(id) {
  traces.enterWith(`trace ${id}`);
  // finding: made
  waiting.push(() => {
    reads.push([id, requests.getStore()?.id ?? null]); // finding: read
  });
}

setImmediate(() => {
  for (const id of [1, 2, 3]) requests.run({ id }, handle, id);
  for (const callback of waiting) callback(); // finding: ran
});
