'use strict';

// Requests that are cancelled: by a signal, by a timeout, and by a race.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function withTimeout(promise, milliseconds) {
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function work(id, signal) {
  try {
    await sleep(1000, null, { signal });
  } catch {
    read(id);
  }
}

async function handle(id) {
  const controller = new AbortController();
  const done = work(id, controller.signal);
  setTimeout(() => controller.abort(), 1);
  await done;
  read(id);
  await withTimeout(new Promise(() => {}), 1).catch(() => read(id));
  await withTimeout(sleep(1), 100);
  read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
