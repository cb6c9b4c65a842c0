'use strict';

// Node's EventTarget calls its listeners where the event is dispatched.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const target = new EventTarget();

function subscribe(id) {
  // finding: made
  target.addEventListener('change', function onChange() {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

function publish() {
  setImmediate(() => {
    target.dispatchEvent(new Event('change')); // finding: ran
  });
}

storage.run({ id: 1 }, subscribe, 1);
storage.run({ id: 2 }, publish);
