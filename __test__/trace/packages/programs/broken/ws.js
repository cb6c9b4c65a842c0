'use strict';

// The listeners of a connection run where its socket hears from the client: in no context.
// expect: lost certain birth|emitter
// mend: proven
// package made: ws/lib/websocket.js:274

const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');
const { WebSocket, WebSocketServer } = require('ws');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const sockets = new WebSocketServer({ noServer: true });
let last = 0;

function handle(socket, id) {
  // finding: made
  socket.on('message', () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    socket.close();
  });
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
