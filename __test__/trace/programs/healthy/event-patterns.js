'use strict';

// EventEmitterAsyncResource, events.once() and events.on(), and a semaphore.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter, EventEmitterAsyncResource, once, on } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class Semaphore {
  #free;
  #waiting = [];

  constructor(free) {
    this.#free = free;
  }

  async acquire() {
    if (this.#free > 0) this.#free--;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    return () => {
      const resolve = this.#waiting.shift();
      if (resolve) resolve();
      else this.#free++;
    };
  }
}

const semaphore = new Semaphore(1);
const bus = new EventEmitter();
const interval = setInterval(() => bus.emit('tick', reads.length), 1);

async function handle(id) {
  const emitter = new EventEmitterAsyncResource({ name: 'Job' });
  emitter.on('done', () => read(id));
  bus.once('tick', () => emitter.emit('done'));
  await once(bus, 'tick');
  read(id);
  const release = await semaphore.acquire();
  read(id);
  for await (const [count] of on(bus, 'tick')) {
    if (count >= 0) read(id);
    break;
  }
  release();
  emitter.emitDestroy();
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id))).then(() =>
  clearInterval(interval),
);
