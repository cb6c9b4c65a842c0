'use strict';

// Callbacks that become promises, and a thenable that await asks.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const { promisify, callbackify } = require('node:util');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const answers = [];
const interval = setInterval(() => {
  for (const answer of answers.splice(0)) answer(null, 'row');
}, 1);

const query = promisify((sql, callback) => answers.push((...result) => callback(...result)));
const stat = callbackify(fs.promises.stat);

class Query {
  then(resolve) {
    answers.push((error, row) => resolve(row));
  }
}

async function handle(id) {
  await query('select');
  read(id);
  const row = await new Query();
  if (row === 'row') read(id);
  await new Promise((resolve) => {
    stat(__filename, () => {
      read(id);
      resolve();
    });
  });
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id))).then(() =>
  clearInterval(interval),
);
