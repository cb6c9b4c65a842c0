'use strict';

// A loader of the module: the request that asks first loads for all.
// expect: foreign possible batch
// options: --possible

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Loader {
  constructor(load) {
    this.load = load;
    this.batch = null;
  }

  get(key) {
    return new Promise((resolve) => {
      if (this.batch === null) {
        this.batch = [];
        process.nextTick(() => this.dispatch());
      }
      this.batch.push({ key, resolve });
    });
  }

  async dispatch() {
    const { batch } = this;
    this.batch = null;
    const values = await this.load(batch.map(({ key }) => key));
    for (const [i, { resolve }] of batch.entries()) resolve(values[i]);
  }
}

const users = new Loader(async (ids) => {
  const store = storage.getStore(); // finding: read
  for (const id of ids) reads.push([id, store?.id ?? null]);
  await null;
  return ids.map((id) => ({ id }));
});

async function handle(id) {
  await users.get(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
