'use strict';

// A limiter whose task, when it is resumed after an await, runs the next one: on the stack there is
// the same function twice, of which only the inner one has crossed.
// expect: foreign certain birth

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

let active = 0;
const waiting = [];

function limit(task) {
  // finding: made
  const job = async () => {
    active++;
    await task();
    active--;
    waiting.shift()?.(); // finding: ran
  };
  if (active === 0) job();
  else waiting.push(job);
}

function handle(id) {
  // finding: made
  limit(async () => {
    await null;
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
