'use strict';

// Iterators of the requests over a channel that all share.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class Channel {
  #values = [];
  #waiting = [];

  push(value) {
    const take = this.#waiting.shift();
    if (take) take(value);
    else this.#values.push(value);
  }

  next() {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift());
    return new Promise((resolve) => this.#waiting.push((value) => resolve(value)));
  }

  async *[Symbol.asyncIterator]() {
    for (let taken = 0; taken < 2; taken++) yield await this.next();
  }
}

const channel = new Channel();

async function handle(id) {
  for await (const value of channel) if (value >= 0) read(id);
  read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
let sent = 0;
const interval = setInterval(() => {
  channel.push(sent++);
  if (sent === 6) clearInterval(interval);
}, 1);
