'use strict';

// A pool that connects at start-up and keeps callbacks in a queue.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Pool {
  #waiting = [];

  constructor(port) {
    this.socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
    this.socket.on('data', (text) => {
      for (const row of text.split('\n').filter(Boolean)) {
        const callback = this.#waiting.shift();
        callback(null, row); // finding: ran
      }
    });
  }

  query(sql, callback) {
    this.#waiting.push(callback);
    this.socket.write(`${sql}\n`);
  }
}

function handle(pool, id) {
  return new Promise((resolve) => {
    // finding: made
    pool.query(`select ${id}`, (error, row) => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      resolve(row);
    });
  });
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const pool = new Pool(server.address().port);
  await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, pool, id)));
  pool.socket.end();
  server.close();
});
