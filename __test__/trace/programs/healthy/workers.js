'use strict';

// A Worker for each request, and stores inside the Workers.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const storage = new AsyncLocalStorage();
const reads = [];
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(id) {
  const worker = new Worker(__filename, { workerData: id });
  worker.on('message', (inside) => {
    read(id);
    reads.push(...inside);
  });
  worker.on('exit', () => read(id));
}

async function inside(id) {
  read(id);
  await new Promise((resolve) => setTimeout(resolve, 1));
  read(id);
}

if (isMainThread) {
  process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
  for (const id of [1, 2]) storage.run({ id }, handle, id);
} else {
  const ids = [1, 2, 3].map((n) => workerData * 10 + n);
  Promise.all(ids.map((id) => storage.run({ id }, inside, id))).then(() =>
    parentPort.postMessage(reads),
  );
}
