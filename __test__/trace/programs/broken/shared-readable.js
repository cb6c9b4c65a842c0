'use strict';

// A stream of the start-up: the requests listen to its chunks.
// expect: lost certain birth|emitter
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { PassThrough } = require('node:stream');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const feed = new PassThrough({ objectMode: true });
let left = 3;
const interval = setInterval(() => {
  feed.write({ price: left }); // finding: ran
  if (--left > 0) return;
  clearInterval(interval);
  feed.end();
}, 2);

function handle(id) {
  // finding: made
  feed.on('data', () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
