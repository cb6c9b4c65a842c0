'use strict';

// Classes with fields, private methods, accessors, static blocks and super, within a request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

class Base {
  static made = 0;

  static {
    this.count = () => ++this.made;
  }

  listeners = [];
  notify = (...values) => this.listeners.forEach((listener) => listener(...values));

  constructor(id) {
    this.id = id;
    new.target.count();
  }

  get current() {
    return storage.getStore()?.id ?? null;
  }

  async save() {
    await null;
    this.notify('saved');
    return this;
  }
}

class Model extends Base {
  #check = () => reads.push([this.id, super.current]);

  constructor(id) {
    super(id);
    this.listeners.push(() => this.#check());
  }

  async save() {
    this.#check();
    await super.save();
    this.#check();
    return this;
  }

  *[Symbol.iterator]() {
    yield this.current;
  }
}

async function handle(id) {
  const model = await new Model(id).save();
  for (const found of model) reads.push([id, found]);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
