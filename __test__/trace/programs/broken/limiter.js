'use strict';

// A limiter that all requests share: the request that ends runs the function of the next. Two
// functions are made in the request and run in another: the limiter's own, and the one given.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

function limiter(concurrency) {
  const queue = [];
  let active = 0;
  const next = () => {
    active--;
    if (queue.length > 0) queue.shift()(); // finding: ran
  };
  const run = async (task, resolve) => {
    active++;
    const result = (async () => task())(); // finding: ran
    resolve(result);
    await result;
    next();
  };
  return (task) =>
    new Promise((resolve) => {
      queue.push(() => run(task, resolve)); // finding: made
      if (active < concurrency) queue.shift()();
    });
}

const limit = limiter(2);

async function handle(id) {
  // finding: made
  await limit(async () => {
    await sleep(1);
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
}

Promise.all([1, 2, 3, 4, 5].map((id) => storage.run({ id }, handle, id)));
