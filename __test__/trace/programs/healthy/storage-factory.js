'use strict';

// Storages of one line: a factory makes one for each purpose, and each has stores of its own.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const createStorage = (name) => Object.assign(new AsyncLocalStorage(), { purpose: name });

class Context {
  #storage = new AsyncLocalStorage();

  run(value, callback) {
    return this.#storage.run(value, callback);
  }

  get() {
    return this.#storage.getStore() ?? null;
  }
}

const users = createStorage('users');
const traces = createStorage('traces');
const [locale, tenant] = [new Context(), new Context()];

function handle(id) {
  users.run({ id }, () => {
    reads.push([null, traces.getStore() ?? null]);
    setImmediate(() => reads.push([id, users.getStore().id]));
  });
  locale.run(id, () => {
    reads.push([null, tenant.get()]);
    setImmediate(() => reads.push([id, locale.get()]));
  });
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
