'use strict';

// A query builder with a then() of its own, which calls back from a shared timer.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const sent = [];
const interval = setInterval(() => {
  for (const { value, callback } of sent.splice(0)) callback(value); // finding: ran
}, 5);

class Query {
  constructor(sql) {
    this.sql = sql;
  }

  then(callback) {
    sent.push({ value: `row of ${this.sql}`, callback });
  }
}

function handle(id, done) {
  // finding: made
  new Query(`select ${id}`).then((row) => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    done(row);
  });
}

let left = 3;
const done = () => {
  if (--left === 0) clearInterval(interval);
};
for (const id of [1, 2, 3]) storage.run({ id }, handle, id, done);
