'use strict';

// Functions of one request that run in another, and only hand on what they were given.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const free = ['connection'];
const waiting = [];

function acquire(callback) {
  if (free.length > 0) callback(free.pop());
  else waiting.push(callback);
}

function release(connection) {
  const callback = waiting.shift();
  if (callback) callback(connection);
  else free.push(connection);
}

function query(id) {
  return new Promise((resolve) => {
    acquire((connection) => {
      setTimeout(() => {
        release(connection);
        resolve(`${connection} of ${id}`);
      }, 1);
    });
  });
}

async function handle(id) {
  read(id);
  await query(id);
  read(id);
}

for (const id of [1, 2, 3, 4]) storage.run({ id }, handle, id);
