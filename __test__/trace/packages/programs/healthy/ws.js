'use strict';

// Listeners of connections that are bound, and ones that enter the context themselves.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const http = require('node:http');
const { WebSocket, WebSocketServer } = require('ws');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const sockets = new WebSocketServer({ noServer: true });
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
let last = 0;

function handle(socket, id) {
  const store = storage.getStore();
  socket.on(
    'message',
    AsyncResource.bind(() => {
      read(id);
      socket.close();
    }),
  );
  socket.on('close', () => storage.run(store, read, id));
}

const server = http.createServer();
server.on('upgrade', (request, socket, head) => {
  const id = ++last;
  storage.run({ id }, () => {
    sockets.handleUpgrade(request, socket, head, (connection) => handle(connection, id));
  });
});

function talk() {
  return new Promise((resolve) => {
    const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
    client.on('open', () => client.send('hello'));
    client.on('close', resolve);
  });
}

server.listen(0, '127.0.0.1', async () => {
  for (let i = 0; i < 3; i++) await talk();
  server.close();
});
