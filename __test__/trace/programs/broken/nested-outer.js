'use strict';

// A listener of an inner span runs in the outer one, which emits: it reads the outer store.
// expect: outer possible birth|emitter
// options: --possible

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

function handle(id) {
  const span = `${id}/inner`;
  const events = new EventEmitter();
  storage.run({ id: span }, () => {
    // finding: made
    events.on('row', () => {
      reads.push([span, storage.getStore()?.id ?? null]); // finding: read
    });
  });
  setImmediate(() => events.emit('row')); // finding: ran
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
