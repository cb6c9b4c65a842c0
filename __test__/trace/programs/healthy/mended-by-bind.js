'use strict';

// The callbacks of a pool, an emitter and a socket, each bound to its request.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const waiting = [];
const bus = new EventEmitter();

function query(socket, id) {
  return new Promise((resolve) => {
    waiting.push(
      AsyncResource.bind((row) => {
        read(id);
        resolve(row);
      }),
    );
    socket.write(`${id}\n`);
  });
}

async function handle(socket, id) {
  await query(socket, id);
  read(id);
  bus.once(
    'tick',
    AsyncLocalStorage.bind(() => read(id)),
  );
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const socket = net.connect(server.address().port, '127.0.0.1').setEncoding('utf8');
  socket.on('data', (text) => {
    for (const row of text.split('\n').filter(Boolean)) waiting.shift()(row);
  });
  await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, socket, id)));
  bus.emit('tick');
  storage.run({ id: 4 }, () => bus.emit('tick'));
  socket.end();
  server.close();
});
