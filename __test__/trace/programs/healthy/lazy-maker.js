'use strict';

// The first request makes a client for all, by functions that only it runs; what the client does by
// itself is of no request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class Client extends EventEmitter {
  checks = [];
  heartbeat = () => read(null);

  constructor() {
    super();
    this.checks.push(() => read(null));
    this.on('idle', () => read(null));
    this.on('idle', this.report.bind(this));
  }

  report() {
    read(null);
  }
}

let client;

const connect = () => Object.assign(new Client(), { ping: () => read(null) });

function getClient() {
  client ??= connect();
  return client;
}

function handle(id) {
  if (getClient().checks.length > 0) read(id);
}

let rounds = 0;
const interval = setInterval(() => {
  client.ping();
  client.heartbeat();
  for (const check of client.checks) check();
  client.emit('idle');
  if (++rounds === 3) clearInterval(interval);
}, 2);

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
