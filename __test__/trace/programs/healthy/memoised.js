'use strict';

// Functions that remember results, made by the first request and by the module.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const memoise = (compute) => {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key);
  };
};

const square = memoise((value) => value * value);
let lazySquare;

function getLazySquare() {
  lazySquare ??= memoise((value) => value * value);
  return lazySquare;
}

function once(compute) {
  let result;
  let done = false;
  return () => {
    if (!done) {
      done = true;
      result = compute();
    }
    return result;
  };
}

const settings = once(async () => {
  await null;
  return { ready: true };
});

async function handle(id) {
  square(id % 2);
  read(id);
  getLazySquare()(id % 2);
  read(id);
  await settings();
  read(id);
}

async function main() {
  for (const id of [1, 2, 3, 4]) await storage.run({ id }, handle, id);
}
main();
