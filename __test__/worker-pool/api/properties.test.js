'use strict';

// The read-only properties of a pool, and their values while tasks are outstanding.

const assert = require('node:assert/strict');
const { memberOf } = require('../../helpers/members.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const NAMES = [
  'numThreads',
  'minThreads',
  'maxThreads',
  'queueSize',
  'running',
  'completed',
  'failed',
];
const counters = ({ queueSize, running, completed, failed }) => ({
  queueSize,
  running,
  completed,
  failed,
});

test('the properties are getters of the class, without setters', async () => {
  await withPool([1], (pool) => {
    for (const name of NAMES) {
      const { get, set } = memberOf(WorkerPool, name);
      assert.equal(typeof get, 'function');
      assert.equal(set, undefined);
      assert.throws(() => {
        pool[name] = 5;
      }, TypeError);
      assert.ok(Number.isInteger(pool[name]), name);
      assert.equal(Object.hasOwn(pool, name), false);
    }
  });
});

test('the methods are those of the class', () => {
  for (const [name, length] of [
    ['runTask', 3],
    ['run', 2],
    ['close', 0],
    ['destroy', 0],
    ['drain', 0],
    ['histogram', 0],
    ['stats', 1],
  ]) {
    const { value, ...rest } = memberOf(WorkerPool, name);
    assert.ok(value.length <= length, name);
    assert.equal(value.name, name);
    assert.deepEqual(rest, { writable: true, enumerable: false, configurable: true });
  }
});

test('no internal member is visible', async () => {
  await withPool([1, fixture('function-echo.js')], async (pool) => {
    await pool.run(1);
    const ofEmitters = ['_events', '_eventsCount', '_maxListeners', 'domain'];
    assert.deepEqual(
      Object.keys(pool).filter((key) => !ofEmitters.includes(key)),
      [],
    );
  });
});

test('the class can be extended, and cannot be called', async () => {
  assert.throws(() => WorkerPool(1), TypeError);
  class MyPool extends WorkerPool {
    constructor() {
      super(1);
      this.mine = true;
    }
    runTask(task, callback) {
      super.runTask({ ...task, b: 100 }, callback);
    }
  }
  const pool = new MyPool();
  assert.ok(pool instanceof WorkerPool && pool.mine);
  assert.deepEqual(await outcomeOf(pool, { a: 42 }), [null, 142]);
  await pool.close();
});

test('methods throw on any other receiver', () => {
  for (const name of ['runTask', 'histogram']) {
    for (const receiver of [{}, undefined, Object.create(WorkerPool.prototype)]) {
      assert.throws(() => WorkerPool.prototype[name].call(receiver, 1, () => {}), TypeError);
    }
  }
});

test('the counters follow tasks that wait, run and end', async () => {
  const gate = new Gate();
  await withPool([2, gateFile, { workerData: gate.workerData }], async (pool) => {
    assert.deepEqual(counters(pool), { queueSize: 0, running: 0, completed: 0, failed: 0 });
    const held = [1, 2].map((hold) => outcomeOf(pool, { hold }));
    await gate.reached(2);
    const waiting = Array.from({ length: 50 }, () => outcomeOf(pool, {}));
    // From the tick of the submission, and later.
    assert.deepEqual(counters(pool), { queueSize: 50, running: 2, completed: 0, failed: 0 });
    await null;
    assert.deepEqual(counters(pool), { queueSize: 50, running: 2, completed: 0, failed: 0 });
    await assert.rejects(pool.run(null, { signal: AbortSignal.abort() }));
    assert.deepEqual(counters(pool), { queueSize: 50, running: 2, completed: 0, failed: 1 });
    gate.open(2);
    await Promise.all([...held, ...waiting]);
    assert.deepEqual(counters(pool), { queueSize: 0, running: 0, completed: 52, failed: 1 });
    assert.equal(pool.numThreads, 2);
  });
});

test('in a callback, its task is already counted', async () => {
  for (const processor of [undefined, fixture('function-echo.js')]) {
    await withPool([1, processor], async (pool) => {
      const seen = await new Promise((resolve) => {
        pool.runTask({ a: 1, b: 2 }, () => resolve(counters(pool)));
      });
      assert.deepEqual(seen, { queueSize: 0, running: 0, completed: 1, failed: 0 });
      const after = await new Promise((resolve) => {
        pool.runTask(
          () => {},
          () => resolve(counters(pool)),
        );
      });
      assert.deepEqual(after, { queueSize: 0, running: 0, completed: 1, failed: 1 });
    });
  }
});

test('completed and failed count each settled task once', async () => {
  await withPool([2, fixture('function-errors.js')], async (pool) => {
    const tasks = Array.from({ length: 300 }, (_, id) =>
      id % 3 === 0 ? { kind: 'numbered', how: 'throws', id } : { kind: 'value', id },
    );
    await Promise.all(tasks.map((task) => outcomeOf(pool, task)));
    assert.deepEqual(counters(pool), { queueSize: 0, running: 0, completed: 200, failed: 100 });
  });
});

test('a closed pool keeps its properties', async () => {
  await withPool([3], async (pool) => {
    await pool.run({ a: 1, b: 2 });
    await pool.close();
    assert.deepEqual(counters(pool), { queueSize: 0, running: 0, completed: 1, failed: 0 });
    assert.deepEqual([pool.numThreads, pool.minThreads, pool.maxThreads], [0, 3, 3]);
  });
});
