'use strict';

// The callback is a function of the module, and its arguments wait in the queue as data: nothing
// but the object that the request made shows where it belongs.
// expect: lost possible witness|settle
// options: --deep

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];

function onRow(row, job) {
  reads.push([job.id, storage.getStore()?.id ?? null]); // finding: read
  job.resolve(row);
}

function handle(socket, id) {
  return new Promise((resolve) => {
    const job = { id, resolve };
    waiting.push([onRow, job]);
    socket.write(`${id}\n`);
  });
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const socket = net.connect(server.address().port, '127.0.0.1').setEncoding('utf8');
  socket.on('data', (text) => {
    for (const row of text.split('\n').filter(Boolean)) {
      const [callback, job] = waiting.shift();
      callback(row, job);
    }
  });
  await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, socket, id)));
  socket.end();
  server.close();
});
