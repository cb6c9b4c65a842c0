'use strict';

// close(): the outcome of tasks, of threads, and of later calls.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const CLOSED = 'ERR_WORKER_POOL_CLOSED';
const echo = fixture('function-echo.js');

const makers = {
  'native': () => new WorkerPool(2),
  'function': () => new WorkerPool(2, echo),
  'documentation': () => new WorkerPool(2, fixture('docs-echo.js')),
  'without threads': () => new WorkerPool(2, echo, { minThreads: 0 }),
};

for (const [kind, make] of Object.entries(makers)) {
  test(`${kind}: close() right after the constructor ends the pool`, async () => {
    const pool = make();
    const closed = pool.close();
    assert.ok(closed instanceof Promise);
    assert.equal(await closed, undefined);
    assert.equal(pool.numThreads, 0);
  });

  test(`${kind}: close() after a task ends the pool`, async () => {
    const pool = make();
    await outcomeOf(pool, { a: 1, b: 2 });
    await pool.close();
    assert.deepEqual([pool.numThreads, pool.running, pool.queueSize], [0, 0, 0]);
    assert.deepEqual([pool.completed, pool.failed], [1, 0]);
  });

  test(`${kind}: close() in the tick of the submission settles every task once`, async () => {
    const pool = make();
    const outcomes = Array.from({ length: 1000 }, () => outcomeOf(pool, { a: 1, b: 2 }));
    await pool.close();
    for (const [err, result] of await Promise.all(outcomes)) {
      if (err !== null) assert.deepEqual([err.code, result], [CLOSED, null]);
    }
    assert.equal(pool.completed + pool.failed, 1000);
  });

  test(`${kind}: a second close() returns the same promise`, async () => {
    const pool = make();
    const closed = pool.close();
    assert.equal(pool.close(), closed);
    await closed;
    assert.equal(pool.close(), closed);
  });

  test(`${kind}: a task submitted after close() fails`, async () => {
    const pool = make();
    const closed = pool.close();
    assert.equal((await outcomeOf(pool, { a: 1, b: 2 }))[0].code, CLOSED);
    await closed;
    assert.equal((await outcomeOf(pool, { a: 1, b: 2 }))[0].code, CLOSED);
    await assert.rejects(pool.run({ a: 1, b: 2 }), { code: CLOSED });
    await turns();
    assert.deepEqual([pool.numThreads, pool.completed, pool.failed], [0, 0, 3]);
  });
}

for (const minThreads of [0, 2]) {
  test(`close() before a thread has started fails every task: ${minThreads} threads`, async () => {
    const workerData = new Int32Array(new SharedArrayBuffer(4));
    const pool = new WorkerPool(2, fixture('held-start.js'), { minThreads, workerData });
    const outcomes = Array.from({ length: 1000 }, () => outcomeOf(pool, 1));
    await pool.close();
    for (const [err] of await Promise.all(outcomes)) assert.equal(err.code, CLOSED);
    assert.deepEqual([pool.completed, pool.failed], [0, 1000]);
  });
}

test('running and waiting tasks fail before the promise is fulfilled', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(2, gateFile, { workerData: gate.workerData });
  const settled = [];
  const outcomes = Array.from({ length: 10 }, async (_, i) => {
    const outcome = await outcomeOf(pool, { hold: 1 });
    settled.push(i);
    return outcome;
  });
  const promised = pool.run({ hold: 1 });
  promised.catch(() => settled.push('promise'));
  await gate.reached(2);
  const closed = pool.close();
  assert.deepEqual(settled, []);
  await closed;
  assert.equal(settled.length, 11);
  for (const [err, result] of await Promise.all(outcomes)) {
    assert.ok(err instanceof Error);
    assert.equal(err.code, CLOSED);
    assert.equal(result, null);
  }
  await assert.rejects(promised, { code: CLOSED });
  assert.equal(gate.started, 2);
  assert.deepEqual([pool.numThreads, pool.running, pool.queueSize], [0, 0, 0]);
});

test('each task gets its own error', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(1, gateFile, { workerData: gate.workerData });
  const outcomes = [1, 2, 3].map(() => outcomeOf(pool, { hold: 1 }));
  await gate.reached(1);
  await pool.close();
  const errors = (await Promise.all(outcomes)).map(([err]) => err);
  assert.equal(new Set(errors).size, 3);
});

test('close() stops a worker in an endless loop', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(1, fixture('signal-endless.js'), { workerData: gate.workerData });
  const outcome = outcomeOf(pool, 'loop');
  await gate.reached(1);
  await pool.close();
  assert.equal((await outcome)[0].code, CLOSED);
});

test('close() in a callback settles the rest of its batch once', async () => {
  for (const make of [makers.native, makers.function]) {
    const pool = make();
    let closed;
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        outcomeOf(pool, { a: i, b: 0 }).then((outcome) => {
          if (i === 3) closed = pool.close();
          return outcome;
        }),
      ),
    );
    await closed;
    for (const [err] of outcomes) assert.ok(err === null || err.code === CLOSED, err);
    assert.equal(pool.completed + pool.failed, 500);
  }
});

test('a task submitted by a callback of close() fails', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(1, gateFile, { workerData: gate.workerData });
  const codes = [];
  const last = new Promise((resolve) => {
    pool.runTask({ hold: 1 }, (err) => {
      codes.push(err.code);
      pool.runTask({}, (again) => resolve(codes.push(again.code)));
    });
  });
  await gate.reached(1);
  await pool.close();
  await last;
  assert.deepEqual(codes, [CLOSED, CLOSED]);
});

test('three callers of close() each learn when the threads have ended', async () => {
  const pool = new WorkerPool(1, echo);
  await pool.run(1);
  const closed = [];
  await Promise.all([1, 2, 3].map(() => pool.close().then(() => closed.push(pool.numThreads))));
  assert.deepEqual(closed, [0, 0, 0]);
});

test('close() works at any time while workers start', async () => {
  for (let i = 0; i < 20; i++) {
    const pool = new WorkerPool(2, echo);
    const outcome = outcomeOf(pool, i);
    if (i % 4 > 0) await new Promise((resolve) => setTimeout(resolve, i));
    await pool.close();
    const [err, result] = await outcome;
    assert.ok((err === null && result === i) || err.code === CLOSED);
  }
});

test('the program of the documentation ends by itself', async () => {
  const results = await runProgram(() => {
    const os = require('node:os');
    const { WorkerPool: Pool } = require('async-hooks-rs');
    const pool = new Pool(os.availableParallelism());
    const lines = [];
    let finished = 0;
    for (let i = 0; i < 10; i++) {
      pool.runTask({ a: 42, b: 100 }, (err, result) => {
        lines.push([i, err, result]);
        if (++finished === 10) pool.close();
      });
    }
    return lines; // filled until the process ends
  });
  assert.deepEqual(
    results.sort(([a], [b]) => a - b),
    Array.from({ length: 10 }, (_, i) => [i, null, 142]),
  );
});

test('a pending close() keeps the process alive until the threads have ended', async () => {
  const log = await runProgram(
    ({ file }) => {
      const { WorkerPool: Pool } = require('async-hooks-rs');
      const events = [];
      for (const args of [[2], [2, file]]) {
        const pool = new Pool(...args);
        pool.close().then(() => events.push(pool.numThreads));
      }
      return events;
    },
    { data: { file: echo } },
  );
  assert.deepEqual(log, [0, 0]);
});
