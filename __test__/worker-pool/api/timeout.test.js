'use strict';

// The option `timeout`: the time that a task may run, counted from its start.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const gated = (threads, gate) => [threads, gateFile, { workerData: gate.workerData }];

function checkExpired([err, result], ms) {
  assert.ok(err instanceof Error);
  assert.deepEqual([err.name, err.code], ['TimeoutError', 'ERR_WORKER_POOL_TASK_TIMEOUT']);
  assert.match(err.message, new RegExp(`\\b${ms} ms`));
  assert.equal(result, null);
}

for (const [title, task] of [
  ['that waits for something', { hold: 1 }],
  ['in an endless loop', 'loop'],
  ['whose promise is never resolved', 'never'],
]) {
  test(`a task ${title} times out, and its worker is replaced`, async () => {
    const gate = new Gate();
    const file = title.startsWith('that') ? gateFile : fixture('signal-endless.js');
    await withPool([1, file, { workerData: gate.workerData }], async (pool) => {
      const destroyed = [];
      pool.on('workerDestroy', (id) => destroyed.push(id));
      assert.deepEqual(await outcomeOf(pool, { value: 'before' }), [null, 'before']);
      const started = performance.now();
      const expired = outcomeOf(pool, task, { timeout: 50 });
      const after = outcomeOf(pool, { value: 'after' });
      checkExpired(await expired, 50);
      const took = performance.now() - started;
      assert.ok(took >= 49 && took < 30_000, `${took} ms`);
      assert.deepEqual(await after, [null, 'after']);
      assert.equal(destroyed.length, 1);
      assert.deepEqual([pool.completed, pool.failed], [2, 1]);
    });
  });
}

test('a timeout ends a docs processor that never replies', async () => {
  const gate = new Gate();
  const file = fixture('signal-silent.js');
  await withPool([1, file, { workerData: gate.workerData }], async (pool) => {
    const silent = outcomeOf(pool, 'silent', { timeout: 20 });
    const echoed = outcomeOf(pool, 'echo', { timeout: 20_000 });
    checkExpired(await silent, 20);
    assert.deepEqual(await echoed, [null, 'echo']);
  });
});

test('run() rejects with the timeout', async () => {
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    await assert.rejects(pool.run({ hold: 1 }, { timeout: 10 }), (error) => {
      checkExpired([error, null], 10);
      return true;
    });
  });
});

test('a waiting task does not expire: the time counts from its start', async () => {
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    const first = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const waiting = Array.from({ length: 20 }, (_, i) =>
      outcomeOf(pool, { value: i }, { timeout: 1000 }),
    );
    await wait(1200);
    assert.deepEqual([pool.queueSize, pool.failed], [20, 0]);
    gate.open();
    await first;
    assert.deepEqual(
      await Promise.all(waiting),
      Array.from({ length: 20 }, (_, i) => [null, i]),
    );
  });
});

test('a task that waits for the first worker to start does not expire', async () => {
  await withPool([1, fixture('timeout-slow-start.mjs')], async (pool) => {
    assert.deepEqual(await outcomeOf(pool, 'task', { timeout: 2000 }), [null, 'task']);
  });
});

test('a timeout after the end of its task does nothing', async () => {
  await withPool([1, fixture('function-counter.js')], async (pool) => {
    for (let i = 1; i <= 3; i++) {
      assert.deepEqual(await outcomeOf(pool, null, { timeout: 1000 }), [null, i]);
    }
    await wait(1200);
    assert.deepEqual(await outcomeOf(pool, null), [null, 4]); // in the same worker
    assert.deepEqual([pool.completed, pool.failed], [4, 0]);
  });
});

test('each task has its own timeout, even if the longest begins first', async () => {
  const gate = new Gate();
  await withPool(gated(3, gate), async (pool) => {
    const order = [];
    const expired = [150, 100, 50].map(async (timeout) => {
      const outcome = await outcomeOf(pool, { hold: 1 }, { timeout });
      order.push(timeout);
      checkExpired(outcome, timeout);
    });
    // Three workers need not begin at the same time, so their timeouts differ greatly.
    await Promise.all(expired);
    assert.equal(order.length, 3);
    assert.deepEqual([pool.completed, pool.failed], [0, 3]);
  });
});

test('only the late task of many times out', async () => {
  const gate = new Gate();
  await withPool(gated(2, gate), async (pool) => {
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, value) =>
        outcomeOf(pool, { value, hold: value === 250 ? 1 : 0 }, { timeout: 1000 }),
      ),
    );
    for (const [i, outcome] of outcomes.entries()) {
      if (i === 250) checkExpired(outcome, 1000);
      else assert.deepEqual(outcome, [null, i]);
    }
  });
});

test('with a signal, the first of the two wins, and the listener is removed', async () => {
  const { getEventListeners } = require('node:events');
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    const controller = new AbortController();
    const { signal } = controller;
    checkExpired(await outcomeOf(pool, { hold: 1 }, { timeout: 20, signal }), 20);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    const begun = gate.started; // it may have expired before it began
    const aborted = outcomeOf(pool, { hold: 1 }, { timeout: 60_000, signal });
    await gate.reached(begun + 1);
    controller.abort();
    assert.equal((await aborted)[0].code, 'ABORT_ERR');
    await turns();
    assert.deepEqual([pool.completed, pool.failed], [0, 2]);
  });
});

test('the longest timeout works', async () => {
  await withPool([1, gateFile, { workerData: new Gate().workerData }], async (pool) => {
    assert.equal(await pool.run({ value: 'done' }, { timeout: 2 ** 31 - 1 }), 'done');
  });
});

test('a pending timeout does not keep the process alive', async () => {
  const started = performance.now();
  const result = await runProgram(
    async ({ file }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pools = [new WorkerPool(1), new WorkerPool(1, file)];
      return [
        await pools[0].run({ a: 1, b: 2 }, { timeout: 50_000 }),
        await pools[1].run('task', { timeout: 50_000 }),
      ];
    },
    { data: { file: fixture('function-echo.js') } },
  );
  assert.deepEqual(result, [3, 'task']);
  assert.ok(performance.now() - started < 40_000);
});

test('native tasks time out', async () => {
  await withPool([2], async (pool) => {
    const results = await Promise.all(
      Array.from({ length: 10_000 }, (_, i) => pool.run({ a: i, b: 0 }, { timeout: 10_000 })),
    );
    assert.deepEqual(
      results,
      Array.from({ length: 10_000 }, (_, i) => i),
    );
  });
});
