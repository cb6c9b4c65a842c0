'use strict';

// A client of the start-up, whose callbacks run where its socket hears the answers.
// expect: lost certain birth
// mend: proven
// package ran: redis/index.js:655

const { AsyncLocalStorage } = require('node:async_hooks');
const redis = require('redis');
const { startRedis } = require('../../doubles/redis.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
function handle(client, id) {
  return new Promise((resolve) => {
    // finding: made
    client.get(`key ${id}`, (error, value) => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      resolve(error ?? value);
    });
  });
}

startRedis(async ({ port, close }) => {
  const client = redis.createClient({ port, host: '127.0.0.1', no_ready_check: true });
  await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, client, id)));
  client.quit(close);
});
