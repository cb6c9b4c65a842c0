'use strict';

// A client that numbers its requests and finds the callback of an answer by its number.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

function connect(port) {
  const pending = new Map();
  let last = 0;
  const socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('data', (text) => {
    for (const line of text.trim().split('\n')) {
      const { number, result } = JSON.parse(line);
      pending.get(number).resolved(result); // finding: ran
      pending.delete(number);
    }
  });
  return {
    close: () => socket.end(),
    call(result, resolved) {
      pending.set(++last, { resolved });
      socket.write(`${JSON.stringify({ number: last, result })}\n`);
    },
  };
}

function log(id) {
  reads.push([id, storage.getStore()?.id ?? null]); // finding: read
}

function handle(client, id) {
  return new Promise((resolve) => {
    // finding: made
    const resolved = (result) => {
      log(id);
      resolve(result);
    };
    client.call('pong', resolved);
  });
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const client = connect(server.address().port);
  await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, client, id)));
  client.close();
  server.close();
});
