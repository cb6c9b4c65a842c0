'use strict';

// The callback of a task runs where the worker ended, which another request started.
// expect: foreign certain birth
// mend: proven
// package ran: async/dist/async.js:1558

const { AsyncLocalStorage } = require('node:async_hooks');
const async = require('async');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const queue = async.queue((task, callback) => setTimeout(callback, 1, null, task), 1);

function handle(id) {
  // finding: made
  queue.push(id, () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
