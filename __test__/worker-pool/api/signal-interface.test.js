'use strict';

// Signals that are not Node's: every object with the interface of an AbortSignal is one, and errors
// of its methods are errors of that task only.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const processors = { native: undefined, function: fixture('function-echo.js') };
const add = { a: 1, b: 2 };

for (const [kind, processor] of Object.entries(processors)) {
  for (const missing of ['aborted', 'addEventListener', 'removeEventListener']) {
    test(`${kind}: an object without ${missing} is not a signal`, async () => {
      await withPool([1, processor], async (pool) => {
        const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
        delete signal[missing];
        const expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: /signal/ };
        assert.throws(() => pool.runTask(add, { signal }, () => assert.fail()), expected);
        await assert.rejects(pool.run(add, { signal }), expected);
        await turns();
        assert.deepEqual([pool.completed, pool.failed, pool.running + pool.queueSize], [0, 0, 0]);
        await pool.drain();
      });
    });
  }

  test(`${kind}: the callback gets an error of addEventListener(), once`, async () => {
    await withPool([1, processor], async (pool) => {
      const thrown = new Error('of the signal');
      const signal = {
        aborted: false,
        addEventListener() {
          throw thrown;
        },
        removeEventListener() {},
      };
      assert.deepEqual(await outcomeOf(pool, add, { signal }), [thrown, null]);
      // The same signal again: the pool kept nothing of it.
      await assert.rejects(pool.run(add, { signal }), thrown);
      await pool.drain();
      await turns(); // time for an extra call
      assert.equal((await outcomeOf(pool, add))[0], null);
      assert.deepEqual([pool.completed, pool.failed, pool.running + pool.queueSize], [1, 2, 0]);
    });
  });
}

test('a custom signal aborts its task', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const listeners = new Set();
    const signal = {
      aborted: false,
      reason: 'the reason',
      addEventListener: (type, listener) => listeners.add(listener),
      removeEventListener: (type, listener) => listeners.delete(listener),
    };
    const running = outcomeOf(pool, { hold: 1 }, { signal });
    await gate.reached(1);
    assert.equal(listeners.size, 1);
    signal.aborted = true;
    for (const listener of [...listeners]) listener({ type: 'abort', target: signal });
    const [err, result] = await running;
    assert.deepEqual([err.code, err.cause, result], ['ABORT_ERR', 'the reason', null]);
    assert.equal(listeners.size, 0);
  });
});

test('a task that removeEventListener() submits is settled', async () => {
  await withPool([1, fixture('function-echo.js')], async (pool) => {
    const value = { shared: new SharedArrayBuffer(4) }; // goes through a port
    let inner;
    const signal = {
      aborted: false,
      addEventListener() {},
      removeEventListener() {
        inner = pool.run(value);
      },
    };
    assert.equal((await outcomeOf(pool, add, { signal }))[0], null);
    assert.deepEqual(Object.keys(await inner), ['shared']);
  });
});

/** A signal whose `aborted` gives the answers one by one, and then `false`; a function is called. */
const answering = (...answers) => ({
  get aborted() {
    const answer = answers.shift() ?? false;
    return typeof answer === 'function' ? answer() : answer;
  },
  addEventListener() {},
  removeEventListener() {},
});

test('a signal that is aborted for a moment aborts its task', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const signals = [[true], [false, true], [false, true, true]].map((list) => answering(...list));
    for (const signal of signals) {
      const [err, result] = await outcomeOf(pool, { hold: 1 }, { signal });
      assert.deepEqual([err.code, result], ['ABORT_ERR', null]);
    }
    assert.deepEqual([pool.completed, pool.failed], [0, 3]);
  });
});

test('the callback gets an error of `aborted`, once', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const thrown = new Error('of the signal');
    const throwing = () => {
      throw thrown;
    };
    for (const answers of [[throwing], [false, throwing]]) {
      const signal = answering(...answers);
      assert.deepEqual(await outcomeOf(pool, { hold: 1 }, { signal }), [thrown, null]);
    }
    await pool.drain();
    await turns(); // time for an extra call
    assert.equal(pool.failed + pool.completed, 2);
  });
});

test('a signal whose reason cannot be read aborts its tasks', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const thrown = new Error('of the signal');
    class Signal extends EventTarget {
      aborted = false;
      get reason() {
        throw thrown;
      }
    }
    const signal = new Signal();
    const held = { hold: 1 };
    const ends = [pool.run(held, { signal }), pool.map([held], { signal }).next()];
    await turns();
    signal.aborted = true;
    signal.dispatchEvent(new Event('abort'));
    for (const end of ends) await assert.rejects(end, { code: 'ABORT_ERR', cause: thrown });
  });
});
