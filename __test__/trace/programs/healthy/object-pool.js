'use strict';

// A pool of objects whose waiters are promises, and a loader for each request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class ObjectPool {
  constructor(objects) {
    this.free = objects;
    this.waiting = [];
  }

  acquire() {
    if (this.free.length > 0) return Promise.resolve(this.free.pop());
    return new Promise((resolve) => this.waiting.push((object) => resolve(object)));
  }

  release(object) {
    const waiter = this.waiting.shift();
    if (waiter) waiter(object);
    else this.free.push(object);
  }

  async use(task) {
    const object = await this.acquire();
    try {
      return await task(object);
    } finally {
      this.release(object);
    }
  }
}

class Loader {
  constructor(load) {
    this.load = load;
    this.batch = [];
  }

  get(key) {
    return new Promise((resolve) => {
      if (this.batch.push({ key, resolve }) > 1) return;
      queueMicrotask(async () => {
        const values = await this.load(this.batch.map((one) => one.key));
        this.batch.forEach(({ resolve: settle }, i) => settle(values[i]));
        this.batch = [];
      });
    });
  }
}

const pool = new ObjectPool([{ name: 'a' }, { name: 'b' }]);

async function handle(id) {
  const loader = new Loader(async (keys) => {
    read(id);
    await null;
    return keys;
  });
  await pool.use(async () => {
    read(id);
    await Promise.all([loader.get('x'), loader.get('y')]);
    read(id);
  });
  read(id);
}

for (const id of [1, 2, 3, 4, 5]) storage.run({ id }, handle, id);
