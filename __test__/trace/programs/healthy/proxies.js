'use strict';

// Proxies, decorators and getters that a request makes around what it uses.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function traced(target, id) {
  return new Proxy(target, {
    get(object, key) {
      const value = object[key];
      if (typeof value !== 'function') return value;
      return async (...args) => {
        read(id);
        const result = await value.apply(object, args);
        read(id);
        return result;
      };
    },
  });
}

const repository = {
  rows: new Map([[1, 'a']]),
  async find(id) {
    await null;
    return this.rows.get(id);
  },
  get size() {
    return this.rows.size;
  },
};

async function handle(id) {
  const mine = traced(repository, id);
  await mine.find(1);
  if (mine.size === 1) read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
