'use strict';

// An interval of the start-up that does work of its own, and wakes the requests by promises.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const sleepers = [];
let ticks = 0;
const interval = setInterval(() => {
  ticks++;
  reads.push([null, storage.getStore() ?? null]);
  for (const wake of sleepers.splice(0)) wake(ticks);
  if (ticks === 4) clearInterval(interval);
}, 1);

const tick = () =>
  new Promise((resolve) => {
    sleepers.push((count) => resolve(count));
  });

async function handle(id) {
  await tick();
  read(id);
  const count = await tick();
  if (count > 0) read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
