'use strict';

// A pool of objects: who has to wait is called by whoever gives one back.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class ObjectPool {
  constructor(objects) {
    this.free = objects;
    this.waiting = [];
  }

  acquire(callback) {
    if (this.free.length > 0) callback(this.free.pop());
    else this.waiting.push(callback);
  }

  release(object) {
    const callback = this.waiting.shift();
    if (callback === undefined) this.free.push(object);
    else callback(object); // finding: ran
  }
}

const pool = new ObjectPool([{ name: 'a' }]);

async function use(id, object) {
  await null;
  reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  pool.release(object);
}

function handle(id) {
  // finding: made
  pool.acquire((object) => use(id, object));
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
