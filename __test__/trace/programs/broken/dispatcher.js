'use strict';

// A dispatcher of the program's own, which is neither EventEmitter nor EventTarget.
// expect: foreign certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Dispatcher {
  #subscriptions = new Map();

  subscribe(topic, subscription) {
    if (!this.#subscriptions.has(topic)) this.#subscriptions.set(topic, new Set());
    this.#subscriptions.get(topic).add(subscription);
    return () => this.#subscriptions.get(topic).delete(subscription);
  }

  publish(topic, message) {
    this.#subscriptions.get(topic)?.forEach((subscription) => {
      subscription(message); // finding: ran
    });
  }
}

const dispatcher = new Dispatcher();

function subscribe(id) {
  // finding: made
  dispatcher.subscribe('orders', () => {
    const store = storage.getStore(); // finding: read
    reads.push([id, store?.id ?? null]);
  });
}

async function publish() {
  await null;
  dispatcher.publish('orders', { total: 3 });
}

storage.run({ id: 1 }, subscribe, 1);
storage.run({ id: 2 }, subscribe, 2);
storage.run({ id: 3 }, publish);
