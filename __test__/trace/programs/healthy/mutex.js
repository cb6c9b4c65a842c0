'use strict';

// Mutexes: by promises, by resources, and by a chain of promises.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class PromiseMutex {
  #last = Promise.resolve();

  async lock(section) {
    const before = this.#last;
    let release;
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    try {
      return await section();
    } finally {
      release();
    }
  }
}

class ResourceMutex {
  #locked = false;
  #waiting = [];

  lock(section) {
    if (this.#locked) {
      this.#waiting.push({ section, resource: new AsyncResource('Section') });
      return;
    }
    this.#locked = true;
    section(() => this.#unlock());
  }

  #unlock() {
    const next = this.#waiting.shift();
    if (next === undefined) this.#locked = false;
    else next.resource.runInAsyncScope(next.section, null, () => this.#unlock());
  }
}

let chain = Promise.resolve();
const promises = new PromiseMutex();
const resources = new ResourceMutex();

function handle(id) {
  promises.lock(async () => {
    read(id);
    await sleep(1);
    read(id);
  });
  resources.lock((unlock) => {
    read(id);
    setImmediate(() => {
      read(id);
      unlock();
    });
  });
  chain = chain.then(() => read(id));
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
