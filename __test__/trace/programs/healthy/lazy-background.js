'use strict';

// The first request makes a client for all; only the background asks whether it is alive.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

let client;

function getClient() {
  client ??= { query: async (id) => read(id), ping: () => read(null) };
  return client;
}

let pings = 0;
const interval = setInterval(() => {
  client?.ping();
  if (++pings === 3) clearInterval(interval);
}, 2);

for (const id of [1, 2, 3]) storage.run({ id }, () => getClient().query(id));
