'use strict';

// A shared emitter: an interval of the start-up emits to the listeners of the requests.
// expect: lost certain birth|emitter
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const ticks = new EventEmitter();
const interval = setInterval(() => ticks.emit('tick'), 5); // finding: ran

function handle(id) {
  return new Promise((resolve) => {
    // finding: made
    ticks.once('tick', () => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      resolve();
    });
  });
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id))).then(() =>
  clearInterval(interval),
);
