'use strict';

// No store by intention: after run(), in exit(), and in code that asks whether there is one.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(id) {
  await null;
  read(id);
  return id;
}

const log = () => reads.push([null, storage.getStore() ?? null]);

async function main() {
  for (const id of [1, 2, 3]) {
    await storage.run({ id }, handle, id);
    log();
  }
  storage.run({ id: 4 }, () => {
    storage.exit(() => setImmediate(log));
    storage.run(undefined, () => setImmediate(log));
    storage.exit(async () => {
      await null;
      log();
    });
  });
}
main();
