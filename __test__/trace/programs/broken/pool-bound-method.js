'use strict';

// The callback is a bound method of a module-level class: no function is made in the request but
// by bind().
// expect: lost certain bind
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Pool {
  waiting = [];

  constructor(port) {
    this.socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
    this.socket.on('data', (text) => this.rows(text.split('\n').filter(Boolean)));
  }

  rows(rows) {
    for (const row of rows) this.waiting.shift()(row); // finding: ran
  }

  query(sql, callback) {
    this.waiting.push(callback);
    this.socket.write(`${sql}\n`);
  }
}

class Handler {
  constructor(pool, id) {
    this.pool = pool;
    this.id = id;
    this.done = Promise.withResolvers?.() ?? deferred();
  }

  start() {
    this.pool.query(`select ${this.id}`, this.onRow.bind(this)); // finding: made
    return this.done.promise;
  }

  onRow(row) {
    reads.push([this.id, storage.getStore()?.id ?? null]); // finding: read
    this.done.resolve(row);
  }
}

function deferred() {
  const result = {};
  result.promise = new Promise((resolve) => {
    result.resolve = resolve;
  });
  return result;
}

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', async () => {
  const pool = new Pool(server.address().port);
  await Promise.all(
    [1, 2, 3].map((id) => storage.run({ id }, () => new Handler(pool, id).start())),
  );
  pool.socket.end();
  server.close();
});
