'use strict';

// What the first of only two requests makes, it uses itself, and then the second.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

let metrics;

function getMetrics() {
  metrics ??= {
    seen: 0,
    count(id) {
      this.seen++;
      read(id);
    },
    later: (id) => setImmediate(() => read(id)),
  };
  return metrics;
}

async function handle(id) {
  getMetrics().count(id);
  await null;
  getMetrics().count(id);
  getMetrics().later(id);
}

async function main() {
  await storage.run({ id: 1 }, handle, 1);
  await storage.run({ id: 2 }, handle, 2);
}
main();
