'use strict';

// Work that a request starts and does not wait for: it keeps the store of the request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function audit(id) {
  await sleep(3);
  read(id);
}

function heartbeat(id) {
  let beats = 0;
  const interval = setInterval(() => {
    read(id);
    if (++beats === 3) clearInterval(interval);
  }, 1);
}

async function handle(id) {
  audit(id);
  heartbeat(id);
  await null;
  read(id);
}

async function main() {
  await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id)));
  await sleep(1);
  reads.push([null, storage.getStore() ?? null]);
}
main();
