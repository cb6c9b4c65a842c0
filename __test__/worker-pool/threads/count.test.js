'use strict';

// The number of threads of a pool: minThreads, maxThreads, idleTimeout.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool, outcomeOf, turns, until } =
  require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const echo = fixture('function-echo.js');

/** The ids of started threads, and of threads that have ended since. */
function watch(pool) {
  const created = [];
  const destroyed = [];
  pool.on('workerCreate', (id) => created.push(id));
  pool.on('workerDestroy', (id) => destroyed.push(id));
  return { created, destroyed };
}

test('by default a pool has numThreads threads, from the beginning to the end', async () => {
  for (const processor of [undefined, echo]) {
    await withPool([3, processor, { idleTimeout: 0 }], async (pool) => {
      assert.deepEqual([pool.numThreads, pool.minThreads, pool.maxThreads], [3, 3, 3]);
      await Promise.all(Array.from({ length: 20 }, () => pool.run({ a: 1, b: 2 })));
      await wait(50);
      assert.equal(pool.numThreads, 3);
    });
  }
});

test('as many tasks run concurrently as there are threads', async () => {
  const gate = new Gate();
  await withPool([3, gateFile, { workerData: gate.workerData }], async (pool) => {
    const outcomes = Array.from({ length: 7 }, (_, value) => outcomeOf(pool, { hold: 1, value }));
    await gate.reached(3);
    await turns(20);
    assert.deepEqual([gate.started, pool.running, pool.queueSize], [3, 3, 4]);
    gate.open();
    const results = (await Promise.all(outcomes)).map(([, value]) => value);
    assert.deepEqual(results, [0, 1, 2, 3, 4, 5, 6]);
  });
});

test('a pool grows under load and shrinks when idle', async () => {
  const gate = new Gate();
  const options = { minThreads: 1, maxThreads: 3, idleTimeout: 20, workerData: gate.workerData };
  await withPool([2, gateFile, options], async (pool) => {
    const { created, destroyed } = watch(pool);
    assert.deepEqual([pool.numThreads, pool.minThreads, pool.maxThreads], [1, 1, 3]);
    for (let round = 1; round <= 2; round++) {
      const first = outcomeOf(pool, { hold: round });
      await gate.reached(4 * round - 3);
      assert.equal(pool.numThreads, 1); // one task needs no second thread
      const more = [1, 2, 3].map((value) => outcomeOf(pool, { hold: round, value }));
      await gate.reached(4 * round - 1);
      assert.deepEqual([pool.numThreads, pool.running, pool.queueSize], [3, 3, 1]);
      gate.open(round);
      await Promise.all([first, ...more]);
      await until(() => pool.numThreads === 1);
      await until(() => destroyed.length === 2 * round);
    }
    await wait(60);
    assert.equal(pool.numThreads, 1);
    assert.equal(created.length, 5); // the first was created before we listened, or after
    assert.equal(new Set(created).size, created.length);
  });
});

test('an idle thread ends idleTimeout after its task, not after its start', async () => {
  const gate = new Gate();
  const idleTimeout = 800;
  const options = { minThreads: 1, idleTimeout, workerData: gate.workerData };
  await withPool([2, gateFile, options], async (pool) => {
    const held = [1, 1].map((hold) => outcomeOf(pool, { hold }));
    await gate.reached(2);
    gate.open(1);
    await Promise.all(held);
    assert.equal(pool.numThreads, 2);
    await wait(1.5 * idleTimeout);
    assert.equal(pool.numThreads, 1);
  });
});

for (const [kind, processor] of [
  ['native', undefined],
  ['function', echo],
]) {
  test(`${kind}: with minThreads 0 a pool without tasks has no thread`, async () => {
    await withPool([2, processor, { minThreads: 0, idleTimeout: 10 }], async (pool) => {
      const { created, destroyed } = watch(pool);
      await turns(10);
      assert.deepEqual([pool.numThreads, created.length], [0, 0]);
      for (let round = 1; round <= 2; round++) {
        const outcome = outcomeOf(pool, { a: 1, b: 2 });
        assert.equal(pool.numThreads, 1);
        assert.equal((await outcome)[0], null);
        await until(() => pool.numThreads === 0);
        await until(() => destroyed.length === created.length);
      }
      assert.ok(created.length >= 2);
    });
  });

  test(`${kind}: with idleTimeout Infinity all started threads stay`, async () => {
    await withPool([2, processor, { minThreads: 0, idleTimeout: Infinity }], async (pool) => {
      const { destroyed } = watch(pool);
      await Promise.all(Array.from({ length: 50 }, () => pool.run({ a: 1, b: 2 })));
      const count = pool.numThreads;
      assert.ok(count >= 1 && count <= 2);
      await wait(100);
      assert.deepEqual([pool.numThreads, destroyed.length], [count, 0]);
    });
  });

  test(`${kind}: with idleTimeout 0 surplus threads end at once`, async () => {
    await withPool([2, processor, { minThreads: 0, idleTimeout: 0 }], async (pool) => {
      for (let i = 0; i < 3; i++) {
        assert.equal((await outcomeOf(pool, { a: 1, b: 2 }))[0], null);
        await until(() => pool.numThreads === 0);
      }
      assert.deepEqual([pool.completed, pool.failed], [3, 0]);
    });
  });

  test(`${kind}: tasks that come while threads retire are not lost`, async () => {
    await withPool([4, processor, { minThreads: 0, idleTimeout: 1 }], async (pool) => {
      for (let round = 0; round < 40; round++) {
        const outcomes = await Promise.all(
          Array.from({ length: (round % 4) + 1 }, () => outcomeOf(pool, { a: 1, b: 2 })),
        );
        for (const [err] of outcomes) assert.equal(err, null);
        if (round % 2 === 0) await wait(round % 5);
      }
      assert.equal(pool.completed, 100);
      assert.ok(pool.numThreads <= 4);
    });
  });
}

test('a needed thread does not retire', async () => {
  const gate = new Gate();
  const options = { minThreads: 0, idleTimeout: 1, workerData: gate.workerData };
  await withPool([1, gateFile, options], async (pool) => {
    const held = outcomeOf(pool, { hold: 1, value: 'held' });
    await gate.reached(1);
    await wait(50);
    assert.equal(pool.numThreads, 1);
    gate.open();
    assert.deepEqual(await held, [null, 'held']);
  });
});

test('there are never more than maxThreads threads', async () => {
  const gate = new Gate();
  const options = { minThreads: 0, maxThreads: 2, workerData: gate.workerData };
  await withPool([1, gateFile, options], async (pool) => {
    const { created } = watch(pool);
    const outcomes = Array.from({ length: 100 }, () => outcomeOf(pool, { hold: 1 }));
    await gate.reached(2);
    await turns(20);
    assert.deepEqual([pool.numThreads, gate.started], [2, 2]);
    gate.open();
    await Promise.all(outcomes);
    assert.equal(created.length, 2);
  });
});

test('maxThreads may be below numThreads', async () => {
  await withPool([8, echo, { maxThreads: 2 }], async (pool) => {
    assert.deepEqual([pool.minThreads, pool.maxThreads], [2, 2]);
    assert.ok(pool.numThreads <= 2);
    assert.equal(await pool.run('task'), 'task');
  });
});

test('close() ends the threads, idle or not', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(2, gateFile, { workerData: gate.workerData });
  const { created, destroyed } = watch(pool);
  const held = outcomeOf(pool, { hold: 1 });
  await gate.reached(1);
  assert.equal(pool.numThreads, 2);
  await pool.close();
  assert.equal(pool.numThreads, 0);
  assert.equal(destroyed.length, created.length);
  assert.equal((await held)[0].code, 'ERR_WORKER_POOL_CLOSED');
});

test('with the longest idleTimeout threads stay, and no timer overflows', async () => {
  const { stayed, warnings } = await runProgram(async () => {
    const { WorkerPool: Pool } = require('async-hooks-rs');
    const names = [];
    process.on('warning', ({ name }) => names.push(name));
    const pool = new Pool(2, undefined, { minThreads: 0, idleTimeout: 2 ** 31 - 1 });
    let destroyed = 0;
    pool.on('workerDestroy', () => {
      destroyed++;
    });
    await pool.run({ a: 1, b: 2 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const result = pool.numThreads > 0 && destroyed === 0;
    await pool.close();
    return { stayed: result, warnings: names };
  });
  assert.deepEqual({ stayed, warnings }, { stayed: true, warnings: [] });
});
