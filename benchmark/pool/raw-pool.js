'use strict';

// node:worker_threads without a pool: every task is posted at once, to the workers in turn, and a
// worker answers in order. No context, no errors, no queue to cancel in.

const { Worker } = require('node:worker_threads');

/** First in, first out. Array.prototype.shift() would move all that is left, each time. */
class Queue {
  #incoming = [];
  #outgoing = [];
  #head = 0;

  push(value) {
    this.#incoming.push(value);
  }

  shift() {
    if (this.#head === this.#outgoing.length) {
      this.#outgoing = this.#incoming;
      this.#incoming = [];
      this.#head = 0;
    }
    return this.#outgoing[this.#head++];
  }
}

class RawPool {
  #workers = [];
  #next = 0;

  constructor(threads, file) {
    for (let i = 0; i < threads; i++) {
      const worker = new Worker(file);
      const callbacks = new Queue();
      worker.on('message', (result) => callbacks.shift()(null, result));
      this.#workers.push({ worker, callbacks });
    }
  }

  runTask(task, callback) {
    const { worker, callbacks } = this.#workers[this.#next];
    if (++this.#next === this.#workers.length) this.#next = 0;
    callbacks.push(callback);
    worker.postMessage(task);
  }

  async close() {
    for (const { worker } of this.#workers) await worker.terminate();
  }
}

module.exports = { RawPool };
