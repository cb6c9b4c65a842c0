'use strict';

// The contract as a simple model, and random programs that run on real classes and on the model at
// the same time. The model's context is an immutable Map from a storage's token to its store;
// `disable()` takes a new token. Every step compares the stores of the storages with the model.

const assert = require('node:assert/strict');
const { below, createRandom, pick } = require('./random.js');

const MAX_DEPTH = 6;
const EXPECTED = new Error('thrown on purpose');

const steps = [
  'enterWith',
  'enterWith',
  'run',
  'run',
  'runAsync',
  'exit',
  'throwing',
  'withScope',
  'dispose',
  'snapshot',
  'callSnapshot',
  'bind',
  'callBound',
  'schedule',
  'schedule',
  'disable',
];
const waits = ['null', 'immediate', 'timeout', 'tick', 'thenable', 'flow', 'rejection'];
const schedulersOfNode = {
  setImmediate,
  setTimeout,
  nextTick: process.nextTick,
  queueMicrotask,
  then: (callback) => {
    Promise.resolve().then(callback);
  },
};

class Program {
  /**
   * @param {number} seed
   * @param {object} subject  what runs the program:
   *   `storages`, three of them; `snapshot()` and `bind(fn)`, the static methods;
   *   `improved`: whether disable() and run() with the current store keep our contract (else the
   *   program avoids them); `bindOnce`: whether a bound function may be called only once;
   *   `schedulers`: what runs callbacks later, by name, if not Node's (then only `sync()` may be
   *   called, because promises are Node's)
   */
  constructor(seed, subject) {
    this.seed = seed;
    this.subject = subject;
    this.storages = subject.storages;
    this.tokens = this.storages.map(() => ({}));
    this.schedulers = subject.schedulers ?? schedulersOfNode;
    this.steps = subject.schedulers ? steps.filter((step) => step !== 'runAsync') : steps;
    this.context = new Map();
    this.scopes = [];
    this.snapshots = [];
    this.bound = [];
    this.pending = [];
    this.checks = 0;
    this.values = 0;
    this.trail = [];
    this.allowance = 400; // steps in all, so that a program that spawns flows comes to an end
  }

  /** Runs to the end of everything that the program started; returns the number of checks. */
  async execute() {
    this.pending.push(this.flow(createRandom(this.seed), 12, 0));
    for (const promise of this.pending) await promise; // grows meanwhile
    return this.checks;
  }

  store(i) {
    return this.context.get(this.tokens[i]);
  }

  check() {
    for (const [i, storage] of this.storages.entries()) {
      const actual = storage.getStore();
      if (actual === this.store(i)) continue;
      assert.fail(
        `seed ${this.seed}, storage ${i}: ${actual} instead of ${this.store(i)}, after ` +
          this.trail.slice(-20).join(' '),
      );
    }
    this.checks++;
  }

  /** The model's enterWith(). */
  enter(i, value) {
    this.context = new Map(this.context).set(this.tokens[i], value);
  }

  /** The rest of a scope of storage `i` that began with `token` current, in `before`. */
  leave(i, token, before) {
    const context = new Map(this.context);
    context.delete(token);
    context.delete(this.tokens[i]);
    if (token === this.tokens[i] && before.has(token)) context.set(token, before.get(token));
    this.context = context;
  }

  /** `start(enter)` enters a real scope, in which `enter` must be called. */
  scope(i, value, start, body) {
    const before = this.context;
    const token = this.tokens[i];
    try {
      return start((...args) => {
        assert.deepEqual(args, [i, value]);
        this.enter(i, value);
        this.check();
        return body();
      });
    } finally {
      this.leave(i, token, before);
      this.check();
    }
  }

  /** The body of a function that runs in `context` and restores the caller's. */
  visit(context, random, depth) {
    const before = this.context;
    this.context = context;
    this.check();
    try {
      this.sync(random, 1 + below(random, 4), depth + 1);
    } finally {
      this.context = before;
    }
  }

  sync(random, count, depth) {
    for (let n = 0; n < count && this.allowance > 0; n++) {
      this.allowance--;
      const step = pick(random, this.steps);
      this.trail.push(`${step}@${depth}`);
      this[step](random, below(random, this.storages.length), depth);
      this.check();
    }
  }

  async flow(random, count, depth) {
    for (let n = 0; n < count && this.allowance > 0; n++) {
      this.sync(random, 1 + below(random, 4), depth);
      const wait = pick(random, waits);
      this.trail.push(`await-${wait}@${depth}`);
      const promise = this.wait(wait, random, depth);
      const { context } = this;
      try {
        await promise;
      } catch (error) {
        if (error !== EXPECTED) throw error;
      }
      this.context = context;
      this.check();
    }
  }

  wait(kind, random, depth) {
    const { context } = this;
    switch (kind) {
      case 'immediate':
        return new Promise((resolve) => {
          setImmediate(resolve);
        });
      case 'timeout':
        return new Promise((resolve) => {
          setTimeout(resolve, 0);
        });
      case 'tick':
        return new Promise((resolve) => {
          process.nextTick(resolve);
        });
      case 'flow':
        return depth < MAX_DEPTH ? this.flow(random, 2, depth + 1) : null;
      case 'rejection':
        return Promise.reject(EXPECTED);
      case 'thenable':
        return {
          then: (resolve) => {
            this.context = context;
            this.check();
            resolve();
          },
        };
      default:
        return null;
    }
  }

  // The steps.

  enterWith(random, i) {
    const value = `e${++this.values}`;
    this.storages[i].enterWith(value);
    this.enter(i, value);
  }

  run(random, i, depth, body = () => this.sync(random, 1 + below(random, 4), depth + 1)) {
    if (depth >= MAX_DEPTH) return undefined;
    // Sometimes the current store: it must not leak either.
    const same = this.subject.improved && random() < 0.2;
    const value = same ? this.store(i) : `r${++this.values}`;
    const start = (enter) => this.storages[i].run(value, enter, i, value);
    return this.scope(i, value, start, body);
  }

  runAsync(random, i, depth) {
    const flow = () => this.flow(random, 2, depth + 1);
    const promise = this.run(createRandom(random() * 2 ** 32), i, depth, flow);
    if (promise !== undefined) this.pending.push(promise);
  }

  exit(random, i, depth) {
    if (depth >= MAX_DEPTH || (!this.subject.improved && this.store(i) === undefined)) return;
    const start = (enter) => this.storages[i].exit(enter, i, undefined);
    this.scope(i, undefined, start, () => this.sync(random, 1 + below(random, 4), depth + 1));
  }

  throwing(random, i, depth) {
    const thrown = () =>
      this.run(random, i, depth, () => {
        this.sync(random, 2, depth + 1);
        throw EXPECTED;
      });
    if (depth < MAX_DEPTH) assert.throws(thrown, (error) => error === EXPECTED || fail(error));
  }

  withScope(random, i) {
    const value = `s${++this.values}`;
    const before = this.context;
    const scope = this.storages[i].withScope(value);
    this.scopes.push({ i, scope, token: this.tokens[i], before });
    this.enter(i, value);
  }

  // Any of them, in any order, in any flow, and sometimes again.
  dispose(random) {
    if (this.scopes.length === 0) return;
    const entry = pick(random, this.scopes);
    entry.scope.dispose();
    if (!entry.disposed) this.leave(entry.i, entry.token, entry.before);
    entry.disposed = true;
  }

  snapshot() {
    this.snapshots.push({ call: this.subject.snapshot(), context: this.context });
  }

  bind() {
    this.bound.push({ call: this.subject.bind((visit) => visit()), context: this.context });
  }

  callSnapshot(random, i, depth) {
    if (this.snapshots.length === 0 || depth >= MAX_DEPTH) return;
    const { call, context } = pick(random, this.snapshots);
    call(() => this.visit(context, random, depth));
  }

  callBound(random, i, depth) {
    if (this.bound.length === 0 || depth >= MAX_DEPTH) return;
    const index = below(random, this.bound.length);
    const { call, context } = this.bound[index];
    if (this.subject.bindOnce) this.bound.splice(index, 1);
    call(() => this.visit(context, random, depth));
  }

  schedule(random, i, depth) {
    const { context } = this;
    const name = pick(random, Object.keys(this.schedulers));
    const own = createRandom(random() * 2 ** 32);
    this.pending.push(
      new Promise((resolve, reject) => {
        this.schedulers[name](() => {
          this.context = context;
          try {
            this.check();
            this.trail.push(name);
            this.sync(own, 3, depth + 1);
            resolve();
          } catch (error) {
            reject(error);
          }
        });
      }),
    );
  }

  disable(random, i) {
    if (!this.subject.improved) return;
    this.storages[i].disable();
    this.tokens[i] = {};
  }
}

function fail(error) {
  throw error;
}

module.exports = { Program };
