'use strict';

// A Worker for all requests: its answers come to a listener of the start-up, which looks up the
// callback by number.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

function main() {
  const storage = new AsyncLocalStorage();
  const reads = [];
  process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

  const worker = new Worker(__filename);
  const callbacks = new Map();
  worker.on('message', ({ number, result }) => {
    const callback = callbacks.get(number);
    callbacks.delete(number);
    callback(result); // finding: ran
    if (reads.length === 3) worker.terminate();
  });

  function square(value, callback) {
    callbacks.set(value, callback);
    worker.postMessage({ number: value, value });
  }

  function handle(id) {
    // finding: made
    square(id, () => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    });
  }

  for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
}

if (isMainThread) main();
else {
  parentPort.on('message', ({ number, value }) => {
    parentPort.postMessage({ number, result: value * value });
  });
}
