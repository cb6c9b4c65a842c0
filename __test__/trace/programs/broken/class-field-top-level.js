'use strict';

// As class-field.js, with a class of the module, as most classes are.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const waiting = [];
const interval = setInterval(() => {
  for (const callback of waiting.splice(0)) callback('row'); // finding: ran
  if (reads.length === 3) clearInterval(interval);
}, 5);

class Request {
  #id;

  constructor(id) {
    this.#id = id;
  }

  // finding: made
  onRow = () => {
    reads.push([this.#id, storage.getStore()?.id ?? null]); // finding: read
  };

  send() {
    waiting.push(this.onRow);
  }
}

for (const id of [1, 2, 3]) storage.run({ id }, () => new Request(id).send());
