'use strict';

// run() in run(), exit(), enterWith() and what goes on after them.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(id) {
  read(id);
  await storage.run({ id: id * 10 }, async () => {
    read(id * 10);
    await sleep(1);
    read(id * 10);
    setTimeout(() => read(id * 10), 1);
  });
  read(id);
  storage.exit(() => {
    reads.push([null, storage.getStore() ?? null]);
    setImmediate(() => reads.push([null, storage.getStore() ?? null]));
  });
  read(id);
  storage.enterWith({ id: id * 100 });
  read(id * 100);
  await null;
  read(id * 100);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
