'use strict';

// The context is lost in a Worker, not in the main thread.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

function inWorker() {
  const storage = new AsyncLocalStorage();
  const reads = [];
  const queue = [];
  const interval = setInterval(() => {
    for (const callback of queue.splice(0)) callback(); // finding: ran
    if (reads.length < 3) return;
    clearInterval(interval);
    parentPort.postMessage(reads);
  }, 5);

  function handle(id) {
    // finding: made
    queue.push(() => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    });
  }

  for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
}

if (isMainThread) {
  new Worker(__filename).on('message', (reads) => console.log(`READS ${JSON.stringify(reads)}`));
} else inWorker();
