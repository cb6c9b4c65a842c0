'use strict';

// The callback is an arrow function in a field of a class: it is made where the object is.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];
const interval = setInterval(() => {
  for (const callback of waiting.splice(0)) callback('row'); // finding: ran
  if (reads.length === 3) clearInterval(interval);
}, 5);

function handle(id) {
  class Request {
    rows = [];

    // finding: made
    onRow = (row) => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      this.rows.push(row);
    };
  }
  waiting.push(new Request().onRow);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
