'use strict';

// A timer and an emitter of a request that go on after it, for ever in its context.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const sessions = new Map();

function open(id) {
  const session = new EventEmitter();
  session.on('message', (text) => {
    if (text) read(id);
  });
  const interval = setInterval(() => session.emit('message', 'beat'), 1);
  session.on('close', () => clearInterval(interval));
  sessions.set(id, session);
}

function close(id) {
  setTimeout(() => {
    sessions.get(id).emit('close');
    sessions.delete(id);
    read(id);
  }, 5);
}

for (const id of [1, 2, 3]) {
  storage.run({ id }, open, id);
  storage.run({ id }, close, id);
}
