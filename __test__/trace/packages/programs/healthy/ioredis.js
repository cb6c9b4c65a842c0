'use strict';

// A client with promises, which the first request makes.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const Redis = require('ioredis');
const { startRedis } = require('../../doubles/redis.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
let client;

async function handle(port, id) {
  client ??= new Redis({ port, host: '127.0.0.1', enableReadyCheck: false });
  await client.get(`key ${id}`);
  read(id);
  await Promise.all([client.get('a'), client.get('b')]);
  read(id);
}

startRedis(async ({ port, close }) => {
  await storage.run({ id: 1 }, handle, port, 1);
  await Promise.all([2, 3].map((id) => storage.run({ id }, handle, port, id)));
  await client.quit();
  close();
});
