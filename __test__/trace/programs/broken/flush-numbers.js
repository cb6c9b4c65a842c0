'use strict';

// A queue of bare numbers: no rule can know to whom they belong.
// expect: unseen

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const queue = [];
const interval = setInterval(() => {
  for (const id of queue.splice(0)) write(id);
  if (reads.length === 3) clearInterval(interval);
}, 5);

function write(id) {
  reads.push([id, storage.getStore()?.id ?? null]);
}

function handle(id) {
  queue.push(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
