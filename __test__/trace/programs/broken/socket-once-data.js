'use strict';

// One socket for all requests, which wait for its answers one after the other.
// expect: lost certain birth|emitter
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

function handle(socket, id) {
  return new Promise((resolve) => {
    // finding: made
    socket.once('data', (text) => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      resolve(String(text));
    });
    socket.write(`get ${id}\n`);
  });
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const socket = net.connect(server.address().port, '127.0.0.1');
  for (const id of [1, 2, 3]) await storage.run({ id }, handle, socket, id);
  socket.end();
  server.close();
});
