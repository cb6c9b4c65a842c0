'use strict';

// A walk through asynchronous operations and nested scopes that checks at every step that it sees
// only its own stores. Run many concurrently: a leak of one reaches another.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { below, pick } = require('./random.js');

const MAX_DEPTH = 3;

// Each resolves from the callback of another kind of operation; `check` runs inside that callback.
const waits = {
  none: async () => {},
  await: async () => {
    await null;
  },
  timeout: (check) =>
    new Promise((resolve) => {
      setTimeout(call, 0, check, resolve);
    }),
  immediate: (check) =>
    new Promise((resolve) => {
      setImmediate(call, check, resolve);
    }),
  tick: (check) =>
    new Promise((resolve) => {
      process.nextTick(call, check, resolve);
    }),
  microtask: (check) =>
    new Promise((resolve) => {
      queueMicrotask(() => call(check, resolve));
    }),
  then: (check) => Promise.resolve().then(check),
  thenable: async (check) => {
    await {
      then(resolve) {
        call(check, resolve);
      },
    };
  },
  stat: (check) =>
    new Promise((resolve) => {
      fs.stat(__dirname, () => call(check, resolve));
    }),
  access: (check) => fs.promises.access(__filename).then(check),
};

function call(check, resolve) {
  check();
  resolve();
}

// Snapshots of active journeys, for the others to call.
const pool = [];
const POOL_SIZE = 32;

class Journey {
  /**
   * @param {AsyncLocalStorage[]} storages
   * @param {() => number} random its own generator
   * @param {number
   * string} id prefix of its stores
   */
  constructor(storages, random, id) {
    this.storages = storages;
    this.random = random;
    this.id = id;
    this.checks = 0;
    this.values = 0;
  }

  /** Takes `steps` steps; `expected` are the stores in the caller's scope. */
  async travel(expected, steps, depth = 0) {
    this.check(expected);
    // From here on enterWith() affects this function only.
    await null;
    const own = [...expected];
    for (let i = 0; i < steps; i++) {
      await waits[pick(this.random, Object.keys(waits))](() => this.check(own));
      this.check(own);
      await this.detour(own, depth);
      this.check(own);
    }
  }

  check(expected) {
    for (const [i, storage] of this.storages.entries()) {
      assert.equal(storage.getStore(), expected[i], `storage ${i} of journey ${this.id}`);
    }
    this.checks++;
  }

  // Not async: the caller must see a store of enterWith().
  detour(own, depth) {
    const i = below(this.random, this.storages.length);
    const storage = this.storages[i];
    const deeper = (entered) => {
      const inside = [...own];
      inside[i] = entered;
      if (depth === MAX_DEPTH) return this.check(inside);
      return this.travel(inside, 1 + below(this.random, 2), depth + 1);
    };
    const value = `${this.id}:${++this.values}`;
    switch (below(this.random, 7)) {
      case 0:
        return storage.run(value, deeper, value);
      case 1:
        return storage.exit(deeper, undefined);
      case 2:
        storage.enterWith(value);
        own[i] = value;
        return undefined;
      case 3:
        return this.snapshot(own);
      case 4:
        return this.foreign();
      case 5:
        return this.resource(own);
      default:
        return this.scope(storage, value, deeper);
    }
  }

  // A snapshot called elsewhere and later, in another scope of this journey.
  async snapshot(own) {
    const there = [...own];
    const enter = AsyncLocalStorage.snapshot();
    const visit = () => enter(() => this.check(there));
    if (pool.length < POOL_SIZE) pool.push(visit);
    else pool[below(this.random, POOL_SIZE)] = visit;
    await this.storages[0].run(`${this.id}:elsewhere`, async () => {
      visit();
      await null;
      visit();
      assert.equal(this.storages[0].getStore(), `${this.id}:elsewhere`);
    });
  }

  // Into the scope of some other journey and back.
  foreign() {
    if (pool.length > 0) pick(this.random, pool)();
  }

  async scope(storage, value, deeper) {
    await null; // otherwise the scope would begin in the caller and end here
    const scope = storage.withScope(value);
    await deeper(value);
    scope.dispose();
  }

  async resource(own) {
    const there = [...own];
    const resource = new AsyncResource('Journey');
    const bound = AsyncLocalStorage.bind(() => this.check(there));
    await new Promise((resolve) => {
      this.storages[1].run(`${this.id}:elsewhere`, setImmediate, () => {
        resource.runInAsyncScope(() => this.check(there));
        bound();
        resolve();
      });
    });
  }
}

module.exports = { Journey };
