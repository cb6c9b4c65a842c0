'use strict';

// Attempts with growing pauses, by promises and by callbacks.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function retry(task, attempts) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt === attempts) throw error;
      await sleep(2 ** attempt / 4);
    }
  }
}

function retryWithCallback(task, attempts, callback) {
  task((error, result) => {
    if (!error || attempts === 1) return callback(error, result);
    return setTimeout(retryWithCallback, 1, task, attempts - 1, callback);
  });
}

function handle(id) {
  let calls = 0;
  retryWithCallback(
    (callback) => {
      read(id);
      setImmediate(callback, ++calls < 3 ? new Error('again') : null, 'done');
    },
    3,
    () => read(id),
  );
  return retry(async (attempt) => {
    read(id);
    if (attempt < 3) throw new Error('again');
    return attempt;
  }, 3).then(() => read(id));
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
