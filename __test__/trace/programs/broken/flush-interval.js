'use strict';

// A queue of plain data that an interval of the start-up writes out.
// expect: lost possible witness
// options: --deep

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const queue = [];
const interval = setInterval(() => {
  for (const entry of queue.splice(0)) write(entry);
  if (reads.length === 3) clearInterval(interval);
}, 5);

function write(entry) {
  reads.push([entry.id, storage.getStore()?.id ?? null]); // finding: read
}

function handle(id) {
  queue.push({ id, level: 'info', message: 'seen' });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
