'use strict';

// Random programs, compared with a model that follows the proposal literally: a mapping is a Map
// that each run() copies, and that is passed on by hand.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { differs } = require('../helpers/engine.js');
const { createRandom, pick } = require('../helpers/random.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const variables = Array.from({ length: 5 }, () => new Variable());
const storages = Array.from({ length: 3 }, () => new AsyncLocalStorage());

const waits = [
  () => null,
  () => new Promise((resolve) => setImmediate(resolve)),
  () => new Promise((resolve) => process.nextTick(resolve)),
  () => new Promise((resolve) => setTimeout(resolve, 1)),
];

class Program {
  #random;
  #steps = 0;
  #captures = [];
  checks = 0;

  constructor(seed) {
    this.#random = createRandom(seed);
  }

  #check(scope) {
    this.checks++;
    assert.deepEqual(
      [...variables.map((variable) => variable.get()), ...storages.map((s) => s.getStore())],
      [...variables, ...storages].map((key) => scope.mapping.get(key)),
    );
  }

  // `scope.mapping` is the mapping that the running code must see.
  async body(scope, depth) {
    const pending = [];
    for (let i = 0; i < 6; i++) {
      this.#check(scope);
      const operations = depth < 5 ? [this.run, this.store, this.captured, this.capture] : [];
      if (!differs.enterWithSticksToResource) operations.push(this.enter);
      const operation = pick(this.#random, [...operations, undefined]);
      if (operation !== undefined) {
        pending.push(operation.call(this, scope, depth));
        continue;
      }
      // The caller of this function continues with the scope as it is now.
      scope = { mapping: scope.mapping };
      await pick(this.#random, waits)();
    }
    this.#check(scope);
    await Promise.all(pending);
    this.#check(scope);
  }

  run(scope, depth) {
    const variable = pick(this.#random, variables);
    const value = this.#steps++;
    const inner = { mapping: new Map(scope.mapping).set(variable, value) };
    const promise = variable.run(value, () => this.body(inner, depth + 1));
    this.#check(scope);
    return promise;
  }

  store(scope, depth) {
    const storage = pick(this.#random, storages);
    const store = this.#steps++;
    const inner = { mapping: new Map(scope.mapping).set(storage, store) };
    const promise = storage.run(store, () => this.body(inner, depth + 1));
    // Stores of other storages stay, and this storage has its previous store.
    const before = scope.mapping.get(storage);
    scope.mapping = new Map(inner.mapping).set(storage, before);
    return promise;
  }

  enter(scope) {
    const storage = pick(this.#random, storages);
    const store = this.#steps++;
    storage.enterWith(store);
    scope.mapping = new Map(scope.mapping).set(storage, store);
  }

  capture({ mapping }) {
    const snapshot = new Snapshot();
    const inSnapshot = AsyncLocalStorage.snapshot();
    this.#captures.push(
      { mapping, call: (fn) => snapshot.run(fn) },
      { mapping, call: Snapshot.wrap((fn) => fn()) },
      { mapping, call: (fn) => inSnapshot(fn) },
    );
  }

  captured(scope, depth) {
    if (this.#captures.length === 0) return undefined;
    const { mapping, call } = pick(this.#random, this.#captures);
    const promise = call(() => this.body({ mapping }, depth + 1));
    this.#check(scope);
    return promise;
  }
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`random programs agree with the model, seed ${seed}`, async () => {
    const program = new Program(seed);
    // In a scope of its own, so that it ends everything that the program enters.
    await new Snapshot().run(() => program.body({ mapping: new Map() }, 0));
    assert.ok(program.checks > 100, `only ${program.checks} checks`);
    assert.deepEqual(
      variables.map((variable) => variable.get()),
      variables.map(() => undefined),
    );
  });
}
