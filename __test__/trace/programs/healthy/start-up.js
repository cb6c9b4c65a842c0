'use strict';

// Listeners, callbacks and caches of the start-up, which the requests use.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const audit = [];
const bus = new EventEmitter();
bus.on('seen', (id) => read(id));

const hooks = new Map();
function register(name, hook) {
  hooks.set(name, (...args) => hook(...args));
}
register('before', (id) => read(id));
register('after', async (id) => {
  await null;
  read(id);
});

const store = (() => {
  const rows = new Map();
  return { put: (id) => rows.set(id, storage.getStore()), get: (id) => rows.get(id) };
})();

const flush = setInterval(() => {
  reads.push([null, storage.getStore() ?? null]);
  audit.length = 0;
}, 1);

async function handle(id) {
  hooks.get('before')(id);
  bus.emit('seen', id);
  store.put(id);
  audit.push(id);
  await hooks.get('after')(id);
  reads.push([id, store.get(id).id]);
}

const finished = [1, 2, 3].map((id) => storage.run({ id }, handle, id));
Promise.all(finished).then(() => setTimeout(() => clearInterval(flush), 5));
