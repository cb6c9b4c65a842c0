'use strict';

// A pool that the first request makes: all others see the store of the first.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

let connection;

function connect(port) {
  const socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
  const waiting = [];
  socket.on('data', (text) => {
    for (const row of text.split('\n').filter(Boolean)) waiting.shift()(row); // finding: ran
  });
  return { socket, waiting };
}

function query(port, sql, callback) {
  connection ??= connect(port);
  connection.waiting.push(callback);
  connection.socket.write(`${sql}\n`);
}

function handle(port, id) {
  return new Promise((resolve) => {
    // finding: made
    query(port, `select ${id}`, function onRow(row) {
      const store = storage.getStore(); // finding: read
      reads.push([id, store?.id ?? null]);
      resolve(row);
    });
  });
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  await storage.run({ id: 1 }, handle, port, 1);
  await Promise.all([2, 3, 4].map((id) => storage.run({ id }, handle, port, id)));
  connection.socket.end();
  server.close();
});
