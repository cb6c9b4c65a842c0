'use strict';

// A server that awaits timers and files, with connections that are kept alive.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs/promises');
const http = require('node:http');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(request, response) {
  const id = Number(request.headers['x-id']);
  read(id);
  await sleep(1);
  read(id);
  await fs.stat(__filename);
  setImmediate(() => {
    read(id);
    process.nextTick(() => {
      read(id);
      response.end('ok');
    });
  });
}

const server = http.createServer((request, response) => {
  const id = Number(request.headers['x-id']);
  storage.run({ id }, handle, request, response);
});

function get(agent, id) {
  return new Promise((resolve, reject) => {
    http
      .get({ port: server.address().port, host: '127.0.0.1', agent, headers: { 'x-id': id } })
      .on('response', (response) => response.resume().on('end', resolve))
      .on('error', reject);
  });
}

server.listen(0, '127.0.0.1', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
  await Promise.all([1, 2, 3, 4, 5, 6].map((id) => get(agent, id)));
  agent.destroy();
  server.close();
});
