'use strict';

// Symbol.dispose and Symbol.asyncDispose: the methods that `using` and `await using` call.

const assert = require('node:assert/strict');
const { memberOf } = require('../../helpers/members.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();

// Every supported Node has them; they are defined by V8 or by Node itself.
const { dispose, asyncDispose } = Symbol;

test('both are methods of the class', () => {
  for (const symbol of [dispose, asyncDispose]) {
    const { value, ...attributes } = memberOf(WorkerPool, symbol);
    assert.equal(typeof value, 'function');
    assert.equal(value.length, 0);
    assert.deepEqual(attributes, { writable: true, enumerable: false, configurable: true });
  }
});

test('Symbol.dispose closes the pool', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(1, gateFile, { workerData: gate.workerData });
  const outcomes = [1, 2].map(() => outcomeOf(pool, { hold: 1 }));
  await gate.reached(1);
  pool[dispose]();
  for (const [err] of await Promise.all(outcomes)) {
    assert.equal(err.code, 'ERR_WORKER_POOL_CLOSED');
  }
  await pool.close();
  assert.equal(pool.numThreads, 0);
});

test('Symbol.asyncDispose waits for the tasks, then closes the pool', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(1, gateFile, { workerData: gate.workerData });
  const outcomes = [1, 2].map((value) => outcomeOf(pool, { hold: 1, value }));
  await gate.reached(1);
  const disposed = pool[asyncDispose]();
  assert.ok(disposed instanceof Promise);
  gate.open();
  assert.equal(await disposed, undefined);
  assert.deepEqual(await Promise.all(outcomes), [
    [null, 1],
    [null, 2],
  ]);
  assert.equal(pool.numThreads, 0);
  assert.equal((await outcomeOf(pool, {}))[0].code, 'ERR_WORKER_POOL_CLOSED');
});

test('both may be called after close(), and twice', async () => {
  for (const symbol of [dispose, asyncDispose]) {
    const pool = new WorkerPool(1);
    await pool.run({ a: 1, b: 2 });
    await pool.close();
    await pool[symbol]();
    await pool[symbol]();
    assert.equal(pool.numThreads, 0);
  }
});

// The compiler's output for `await using pool = …`; `body` is the rest of the block.
async function awaitUsing(pool, body) {
  try {
    return await body(pool);
  } finally {
    await pool[asyncDispose]();
  }
}

test('a block that does not wait for its tasks disposes the pool after them', async () => {
  const results = [];
  let pool;
  await awaitUsing(new WorkerPool(2, fixture('function-echo.js')), (used) => {
    pool = used;
    for (let i = 0; i < 100; i++) pool.runTask(i, (err, result) => results.push(result));
  });
  assert.equal(results.length, 100);
  assert.deepEqual([pool.numThreads, pool.completed], [0, 100]);
});

test('a block that throws disposes the pool', async () => {
  let pool;
  await assert.rejects(
    awaitUsing(new WorkerPool(1), (used) => {
      pool = used;
      throw new RangeError('of the block');
    }),
    { name: 'RangeError', message: 'of the block' },
  );
  assert.equal(pool.numThreads, 0);
});
