'use strict';

// Tests of failing worker pools: each has a time limit, so that a missing callback is a failure and
// not a hang; closes the pools it opened; and counts the calls of every callback, including those
// after the end of the pool.

const assert = require('node:assert/strict');
const path = require('node:path');
const nodeTest = require('node:test');
const { WorkerPool } = require('../../index.js');
require('./time-limit.js');

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The pools and the submissions of one test. */
class Session {
  #pools = [];
  #records = [];

  /** Creates a pool. Bound, like the other two: tests take them out of the session. */
  open = (...args) => {
    const pool = new WorkerPool(...args);
    this.#pools.push(pool);
    return pool;
  };

  /** @returns {Promise<{ error: unknown, result: unknown }>} the arguments of the callback */
  submit = (pool, task, options = {}) => {
    const record = { calls: [] };
    this.#records.push(record);
    return new Promise((resolve) => {
      pool.runTask(task, options, (...args) => {
        record.calls.push(args);
        resolve({ error: args[0], result: args[1] });
      });
    });
  };

  close = () => Promise.all(this.#pools.map((pool) => pool.close()));

  /** Every callback was called once, with `(null, result)` or with `(error, null)`. */
  async check() {
    for (let i = 0; i < 3; i++) await turn(); // time for an extra call
    for (const [index, { calls }] of this.#records.entries()) {
      assert.equal(calls.length, 1, `callback ${index} was called ${calls.length} times`);
      assert.equal(calls[0].length, 2);
      // A task may also throw null: then both are null.
      assert.ok(calls[0].includes(null), `callback ${index} got an error and a result`);
    }
  }
}

const unavailable = (() => {
  try {
    require('./addon.js').loadAddon();
    return false;
  } catch {
    return 'the addon cannot be loaded';
  }
})();

/** A test that is skipped without an addon; for programs of their own. */
function test(title, body, { skip = false } = {}) {
  nodeTest(title, { skip: unavailable || skip }, body);
}

/** A test of `body(session, t)`. */
function poolTest(title, { timeout = 120_000, skip = false }, body) {
  nodeTest(title, { timeout, skip: unavailable || skip }, async (t) => {
    const session = new Session();
    // A wait for an event of an idle pool has nothing else that keeps the process alive.
    const alive = setTimeout(() => {}, timeout);
    t.after(() => {
      // even after a failure or a timeout
      clearTimeout(alive);
      return session.close();
    });
    await body(session, t);
    await session.close();
    await session.check();
  });
}

/** The absolute path of a fixture. */
const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'pool', name);

/** Both kinds of processor for the same work, by title: `<subject>-function.js` and `-docs.js`. */
const forms = (subject) =>
  Object.entries({
    'a function': fixture(`${subject}-function.js`),
    "the docs' form": fixture(`${subject}-docs.js`),
  });

/** The same as forms(), and the native processor, which is the default. */
const processors = (subject) => [...forms(subject), ['the native processor', undefined]];

/** A promise of the arguments of the next `count` events. */
function events(emitter, event, count = 1) {
  return new Promise((resolve) => {
    const seen = [];
    emitter.on(event, function listener(...args) {
      seen.push(args);
      if (seen.length < count) return;
      emitter.removeListener(event, listener);
      resolve(seen);
    });
  });
}

module.exports = { poolTest, test, fixture, forms, processors, events, turn, unavailable };
