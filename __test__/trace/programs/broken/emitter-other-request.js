'use strict';

// A method of the module listens on behalf of one request, and another request emits.
// expect: foreign certain emitter|bind
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const bus = new EventEmitter();

class Subscriber {
  constructor(id) {
    this.id = id;
  }

  onChange() {
    reads.push([this.id, storage.getStore()?.id ?? null]); // finding: read
  }
}

async function subscribe(id) {
  const subscriber = new Subscriber(id);
  bus.on('change', subscriber.onChange.bind(subscriber)); // finding: made
}

async function publish() {
  await null;
  bus.emit('change'); // finding: ran
}

async function main() {
  await storage.run({ id: 1 }, subscribe, 1);
  await storage.run({ id: 2 }, publish);
}
main();
