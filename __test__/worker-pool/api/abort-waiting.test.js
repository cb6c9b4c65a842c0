'use strict';

// pool.abortWaiting(): what waits for a thread fails, and what runs goes on.

const assert = require('node:assert/strict');
const { getEventListeners } = require('node:events');
const { AsyncLocalStorage } = require('../../../index.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runtime } = require('../../helpers/runtimes.js');
const { WorkerPool, fixture, outcomeOf, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

/** Calls `body({ pool, gate })` with a pool of which one task runs, which ends with the gate. */
async function withRunning(body, options) {
  const gate = new Gate();
  const all = { workerData: gate.workerData, ...options };
  await withPool([1, gateFile, all], async (pool) => {
    const held = pool.run({ hold: 1, value: 'held' });
    held.catch(() => {});
    await gate.reached(1);
    await body({ pool, gate, held });
  });
}

function checkAborted([error, result], reason) {
  assert.deepEqual([error.name, error.code, result], ['AbortError', 'ABORT_ERR', null]);
  assert.deepEqual([Object.hasOwn(error, 'cause'), error.cause], [reason !== undefined, reason]);
}

const reasons = {
  'an error': new TypeError('why'),
  'a string': 'why',
  null: null,
  none: undefined,
};
for (const [title, reason] of Object.entries(reasons)) {
  test(`what waits never starts, what runs goes on. The reason: ${title}`, () =>
    withRunning(async ({ pool, gate, held }) => {
      const { signal } = new AbortController();
      const waiting = [
        outcomeOf(pool, { value: 1 }),
        outcomeOf(pool, { value: 2 }, { signal, priority: 100 }),
        outcomeOf(pool, { value: 3 }, { key: 'a', timeout: 60_000 }),
        outcomeOf(pool, { value: new SharedArrayBuffer(1) }),
      ];
      assert.equal(pool.abortWaiting(reason), 4);
      assert.equal(pool.queueSize, 0);
      assert.equal(pool.running, 1);
      const outcomes = await Promise.all(waiting);
      for (const outcome of outcomes) checkAborted(outcome, reason);
      assert.equal(new Set(outcomes.map(([error]) => error)).size, 4);
      assert.equal(getEventListeners(signal, 'abort').length, 0);
      assert.equal(pool.abortWaiting(reason), 0);

      const next = pool.run({ value: 'next' }, { key: 'a' });
      gate.open();
      assert.deepEqual(await Promise.all([held, next]), ['held', 'next']);
      assert.equal(gate.started, 2);
      assert.deepEqual([pool.completed, pool.failed], [2, 4]);
    }));
}

test('all of many waiting tasks, each once, and in their order', () =>
  withRunning(async ({ pool, gate, held }) => {
    const order = [];
    const waiting = Array.from({ length: 5000 }, (_, i) =>
      outcomeOf(pool, { value: i }).then((outcome) => {
        order.push(i);
        return outcome;
      }),
    );
    assert.equal(pool.abortWaiting('many'), 5000);
    for (const outcome of await Promise.all(waiting)) checkAborted(outcome, 'many');
    assert.deepEqual(
      order,
      order.map((_, i) => i),
    );
    gate.open();
    assert.equal(await held, 'held');
  }));

test('no task waits, no thread takes tasks yet, or the pool is closed', async () => {
  const workerData = new Int32Array(new SharedArrayBuffer(4));
  const pool = new WorkerPool(1, fixture('held-start.js'), { minThreads: 0, workerData });
  try {
    assert.equal(pool.abortWaiting(), 0);
    const first = outcomeOf(pool, {});
    assert.equal(pool.abortWaiting('at once'), 1);
    checkAborted(await first, 'at once');
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
    assert.equal(await pool.run('next'), 'next');
  } finally {
    await pool.close();
  }
  assert.equal(pool.abortWaiting(), 0);
});

test('a pool that drains ends when its running tasks are done', () =>
  withRunning(async ({ pool, gate, held }) => {
    const waiting = [1, 2].map((value) => outcomeOf(pool, { value }));
    const closed = pool.close({ drain: true });
    assert.equal(pool.abortWaiting('stop'), 2);
    for (const outcome of await Promise.all(waiting)) checkAborted(outcome, 'stop');
    gate.open();
    assert.equal(await held, 'held');
    await closed;
    assert.equal(gate.started, 1);
  }));

test('callbacks run after this call, in the contexts of their submissions', () =>
  withRunning(async ({ pool }) => {
    const storage = new AsyncLocalStorage();
    const seen = [];
    const told = [1, 2].map(
      (store) =>
        new Promise((resolve) => {
          storage.run(store, () =>
            pool.runTask({}, () => {
              seen.push(storage.getStore());
              resolve();
            }),
          );
        }),
    );
    storage.run('of the call', () => pool.abortWaiting());
    assert.deepEqual(seen, []);
    await Promise.all(told);
    assert.deepEqual(seen, [1, 2]);
  }));

test('a task whose value calls it goes on: it was not submitted yet', () =>
  withRunning(async ({ pool, gate }) => {
    let aborted;
    const before = outcomeOf(pool, {});
    const value = {
      get value() {
        aborted = pool.abortWaiting('getter');
        return 'submitted';
      },
    };
    const submitted = pool.run(value);
    assert.equal(aborted, 1);
    checkAborted(await before, 'getter');
    gate.open();
    assert.equal(await submitted, 'submitted');
  }));

test('a full queue has room again', () =>
  withRunning(
    async ({ pool, gate, held }) => {
      const events = [];
      for (const name of ['queueFull', 'queueDrain']) pool.on(name, () => events.push(name));
      const waiting = [1, 2].map((value) => outcomeOf(pool, { value }));
      assert.equal((await outcomeOf(pool, {}))[0].code, 'ERR_WORKER_POOL_QUEUE_FULL');
      pool.abortWaiting();
      await Promise.all(waiting);
      await until(() => events.length === 2);
      assert.deepEqual(events, ['queueFull', 'queueDrain']);
      const next = pool.run({ value: 'next' });
      gate.open();
      assert.deepEqual(await Promise.all([held, next]), ['held', 'next']);
    },
    { maxQueue: 2 },
  ));

const kinds = { 'Rust threads': [1] };
if (runtime === 'node') {
  kinds.processes = [1, fixture('function-echo.js'), { runtime: 'child_process' }];
}
for (const [title, args] of Object.entries(kinds)) {
  test(`${title}: as many tasks fail as it says, and the others end`, () =>
    withPool(args, async (pool) => {
      const outcomes = Array.from({ length: 1000 }, (_, a) => outcomeOf(pool, { a, b: 1 }));
      const count = pool.abortWaiting('stop');
      const errors = (await Promise.all(outcomes)).map(([error]) => error).filter(Boolean);
      assert.equal(errors.length, count);
      for (const { code, cause } of errors) assert.deepEqual([code, cause], ['ABORT_ERR', 'stop']);
      assert.deepEqual([pool.completed, pool.failed], [1000 - count, count]);
      assert.equal((await outcomeOf(pool, { a: 1, b: 1 }))[0], null);
    }));
}

test('a map() and a stream() fail whose task waits; one that runs goes on', async () => {
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const file = fixture('stream-actions.js');
  await withPool([1, file, { workerData: { cells } }], async (pool) => {
    const running = pool.stream(3, { highWaterMark: 1 });
    assert.deepEqual(await running.next(), { done: false, value: 0 });
    let closed = false;
    function* source() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    }
    const mapped = pool.map(source(), { export: 'echo', concurrency: 3 }).next();
    const streamed = pool.stream(3).next();
    await until(() => pool.queueSize === 4);
    assert.equal(pool.abortWaiting('iterations'), 4);
    for (const iteration of [mapped, streamed]) {
      await assert.rejects(iteration, { code: 'ABORT_ERR', cause: 'iterations' });
    }
    assert.equal(closed, true);
    const rest = [];
    for await (const value of running) rest.push(value);
    assert.deepEqual(rest, [1, 2]);
  });
});
