'use strict';

// A signal of the whole program: what a request does at its abort runs where abort() is called.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const shutdown = new AbortController();

function handle(id) {
  // finding: made
  const onAbort = () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  };
  shutdown.signal.addEventListener('abort', onAbort, { once: true });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
setImmediate(() => shutdown.abort()); // finding: ran
