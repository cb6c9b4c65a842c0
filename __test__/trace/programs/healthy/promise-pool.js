'use strict';

// A pool that the first request makes, with promises: await brings each request back.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

let pool;

function connect(port) {
  const socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
  const waiting = [];
  socket.on('data', (text) => {
    for (const row of text.split('\n').filter(Boolean)) waiting.shift().resolve(row);
  });
  return { socket, waiting };
}

function query(port, sql) {
  pool ??= connect(port);
  return new Promise((resolve, reject) => {
    pool.waiting.push({ resolve: (row) => resolve({ row }), reject: (error) => reject(error) });
    pool.socket.write(`${sql}\n`);
  });
}

async function handle(port, id) {
  read(id);
  const { row } = await query(port, `select ${id}`);
  read(id);
  await query(port, row);
  read(id);
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  await storage.run({ id: 1 }, handle, port, 1);
  await Promise.all([2, 3, 4].map((id) => storage.run({ id }, handle, port, id)));
  pool.socket.end();
  server.close();
});
