'use strict';

// A stream that all requests write to: the callback of a write that had to wait runs where the
// write before it ended.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { Writable } = require('node:stream');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const log = new Writable({
  decodeStrings: false,
  write(line, encoding, callback) {
    setTimeout(callback, 1);
  },
});

function handle(id) {
  // finding: made
  log.write(`line of ${id}`, () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
