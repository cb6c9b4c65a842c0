'use strict';

// Spans in spans: each callback is made and called in its own.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

let last = 100;
const stack = () => storage.getStore()?.id ?? null;

function span(callback) {
  const id = ++last;
  return storage.run({ id, parent: storage.getStore() }, callback, id);
}

async function leaf(id) {
  reads.push([id, stack()]);
  await null;
  reads.push([id, stack()]);
}

async function handle(id) {
  await span(async (outer) => {
    reads.push([outer, stack()]);
    const both = [span(leaf), span(leaf)];
    reads.push([outer, stack()]);
    await Promise.all(both);
    await span(async (inner) => {
      reads.push([inner, stack()]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      reads.push([inner, stack()]);
    });
    reads.push([outer, stack()]);
  });
  read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
