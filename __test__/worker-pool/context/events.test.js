'use strict';

// Events of the pool run in the scope that created the pool, whoever listens and whoever submits;
// and a worker that starts later belongs to no task.

const assert = require('node:assert/strict');
const { createHook } = require('node:async_hooks');
const { AsyncLocalStorage } = require('../../../index.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf, until } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite(__filename);
const storage = new AsyncLocalStorage();

const makePool = (...args) => storage.run('maker', () => new WorkerPool(...args));

/** Every event of the pool with the store that its listener sees. */
function record(pool, ...names) {
  const seen = [];
  storage.run('listener', () => {
    for (const name of names) pool.on(name, () => seen.push([name, storage.getStore()]));
  });
  return seen;
}

const submit = (pool, task) => storage.run('submitter', () => outcomeOf(pool, task));

test("drain runs in the pool's scope, for native pools and for workers", async () => {
  for (const args of [[1], [1, fixture('function-echo.js')]]) {
    const pool = makePool(...args);
    const seen = record(pool, 'drain');
    await submit(pool, { a: 1, b: 2 });
    await until(() => seen.length > 0);
    assert.deepEqual(seen, [['drain', 'maker']]);
    await pool.close();
  }
});

test("drain runs in the pool's scope when the last task failed or was aborted", async () => {
  const gate = new Gate();
  const pool = makePool(1, gateFile, { workerData: gate.workerData });
  const seen = record(pool, 'drain');
  assert.equal((await submit(pool, null))[0].name, 'TypeError'); // the processor throws
  await until(() => seen.length === 1);
  const controller = new AbortController();
  const aborted = storage.run('submitter', () =>
    outcomeOf(pool, { hold: 1 }, { signal: controller.signal }),
  );
  await gate.reached(1);
  storage.run('aborter', () => controller.abort());
  assert.equal((await aborted)[0].code, 'ABORT_ERR');
  await until(() => seen.length === 2);
  assert.deepEqual(seen, Array(2).fill(['drain', 'maker']));
  await pool.close();
});

test("message runs in the pool's scope", async () => {
  const pool = makePool(1, fixture('docs-posts.js'));
  const seen = record(pool, 'message');
  await submit(pool, { now: ['reply', 'extra'] });
  await submit(pool, { now: ['reply', new SharedArrayBuffer(1)] });
  await until(() => seen.length === 2);
  assert.deepEqual(seen, [
    ['message', 'maker'],
    ['message', 'maker'],
  ]);
  await pool.close();
});

test("an error thrown after the reply runs in the pool's scope", async () => {
  const pool = makePool(1, fixture('context-throws-after.js'));
  const seen = record(pool, 'error');
  assert.deepEqual(await submit(pool, 'reply'), [null, 'reply']);
  await until(() => seen.length === 1);
  assert.deepEqual(seen, [['error', 'maker']]);
  await pool.close();
});

test("workerCreate and workerDestroy run in the pool's scope", async () => {
  const pool = makePool(1, fixture('function-exit.js'));
  const seen = record(pool, 'workerCreate', 'workerDestroy');
  assert.equal((await submit(pool, 3))[0].exitCode, 3);
  assert.equal((await submit(pool, 4))[0].exitCode, 4);
  await until(() => seen.filter(([name]) => name === 'workerDestroy').length === 2);
  await storage.run('closer', () => pool.close());
  const destroyed = seen.filter(([name]) => name === 'workerDestroy');
  const created = seen.filter(([name]) => name === 'workerCreate');
  assert.equal(destroyed.length, created.length);
  assert.ok(created.length >= 2, `${created.length}`);
  for (const [name, store] of seen) assert.equal(store, 'maker', name);
});

test("workerCreate and workerDestroy of extra threads run in the pool's scope", async () => {
  for (const processor of [undefined, fixture('function-echo.js')]) {
    const pool = makePool(1, processor, { minThreads: 0, idleTimeout: 1 });
    const seen = record(pool, 'workerCreate', 'workerDestroy');
    for (let i = 0; i < 2; i++) {
      await submit(pool, { a: 1, b: 2 });
      await until(() => pool.numThreads === 0 && seen.length === 2 * (i + 1));
    }
    const pair = [
      ['workerCreate', 'maker'],
      ['workerDestroy', 'maker'],
    ];
    assert.deepEqual(seen, [...pair, ...pair]);
    await pool.close();
  }
});

test('no resource of a worker is created in the scope of a task', async () => {
  const made = [];
  const hook = createHook({
    init(asyncId, type) {
      if (type === 'WORKER') made.push(storage.getStore());
    },
  }).enable();
  try {
    const pool = makePool(1, fixture('function-exit.js'), { minThreads: 0 });
    assert.deepEqual(made, []);
    // The first submission starts them, and each of them is replaced.
    for (let i = 1; i <= 3; i++) await submit(pool, i);
    await pool.close();
    assert.ok(made.length >= 3, `${made.length}`);
    assert.deepEqual(made, Array(made.length).fill('maker'));
  } finally {
    hook.disable();
  }
});

test('the pool is an async resource of type WorkerPool', async () => {
  const types = new Map();
  const hook = createHook({ init: (asyncId, type) => types.set(asyncId, type) }).enable();
  const pool = new WorkerPool(1);
  hook.disable();
  assert.equal(types.get(pool.asyncId), 'WorkerPool');
  assert.equal(typeof pool.triggerAsyncId, 'number');
  await pool.close();
});

test('a listener that throws does not affect any task', async () => {
  const pool = makePool(1, fixture('function-echo.js'));
  const caught = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error.message));
  try {
    pool.on('drain', () => {
      throw new Error('of the listener');
    });
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await submit(pool, i), [null, i]);
      await until(() => caught.length === i + 1);
    }
    assert.deepEqual(caught, Array(3).fill('of the listener'));
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
    await pool.close();
  }
});
