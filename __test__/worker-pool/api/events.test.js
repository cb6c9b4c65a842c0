'use strict';

// The events of a pool and their arguments.

const assert = require('node:assert/strict');
const { EventEmitter, EventEmitterAsyncResource } = require('node:events');
const { threadId } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns, until } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

/** All events from now on: the arguments of each event, by its name. */
function record(pool, ...names) {
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) pool.on(name, (...args) => seen[name].push(args));
  return seen;
}

test('a pool is an EventEmitterAsyncResource', async () => {
  await withPool([1], (pool) => {
    assert.ok(pool instanceof EventEmitter);
    assert.ok(pool instanceof EventEmitterAsyncResource);
    assert.equal(typeof pool.asyncId, 'number');
  });
});

for (const [kind, processor] of [
  ['native', undefined],
  ['function', echo],
]) {
  const task = { a: 1, b: 2 };

  test(`${kind}: drain is emitted once, after the callback of the last task`, async () => {
    await withPool([2, processor], async (pool) => {
      const { drain } = record(pool, 'drain');
      let settled = 0;
      const open = [];
      pool.on('drain', () => open.push(settled));
      for (let round = 1; round <= 3; round++) {
        await new Promise((resolve) => {
          for (let i = 0; i < 100; i++) {
            pool.runTask(task, () => {
              if (++settled % 100 === 0) resolve();
            });
          }
        });
        await until(() => drain.length === round);
      }
      await turns();
      assert.deepEqual(drain, [[], [], []]);
      assert.deepEqual(open, [100, 200, 300]);
    });
  });

  test(`${kind}: drain is not emitted while a callback submits the next task`, async () => {
    await withPool([1, processor], async (pool) => {
      const { drain } = record(pool, 'drain');
      await new Promise((resolve) => {
        let left = 50;
        const next = () => {
          assert.equal(drain.length, 0);
          if (--left > 0) pool.runTask(task, next);
          else resolve();
        };
        pool.runTask(task, next);
      });
      await until(() => drain.length === 1);
    });
  });

  test(`${kind}: a listener of drain may submit a task`, async () => {
    await withPool([1, processor], async (pool) => {
      const done = new Promise((resolve) => {
        let rounds = 0;
        pool.on('drain', () => {
          if (++rounds === 5) resolve();
          else pool.runTask(task, () => {});
        });
      });
      pool.runTask(task, () => {});
      await done;
      assert.equal(pool.completed, 5);
    });
  });
}

test('a pool without tasks emits no drain', async () => {
  await withPool([1, echo], async (pool) => {
    const { drain } = record(pool, 'drain');
    await turns(20);
    assert.deepEqual(drain, []);
  });
});

test('workerCreate and workerDestroy name the thread', async () => {
  await withPool([1, fixture('events-thread-id.js'), { minThreads: 0 }], async (pool) => {
    const { workerCreate, workerDestroy } = record(pool, 'workerCreate', 'workerDestroy');
    const id = await pool.run(null);
    assert.deepEqual([workerCreate, workerDestroy], [[[id]], []]);
    assert.notEqual(id, threadId);
    await pool.close();
    assert.deepEqual([workerCreate, workerDestroy], [[[id]], [[id]]]);
  });
});

test('workerCreate and workerDestroy of native threads have an index each', async () => {
  await withPool([3, undefined, { minThreads: 0, idleTimeout: Infinity }], async (pool) => {
    const { workerCreate, workerDestroy } = record(pool, 'workerCreate', 'workerDestroy');
    await Promise.all(Array.from({ length: 100 }, () => pool.run({ a: 1, b: 2 })));
    const count = pool.numThreads;
    assert.ok(count >= 1 && count <= 3, `${count}`);
    await pool.close();
    for (const events of [workerCreate, workerDestroy]) {
      assert.equal(events.length, count);
      assert.equal(new Set(events.map(([index]) => index)).size, count);
      for (const args of events) assert.ok(Number.isInteger(args[0]) && args.length === 1);
    }
  });
});

test('each thread that starts with the pool emits one workerCreate', async () => {
  for (const processor of [undefined, echo]) {
    await withPool([3, processor], async (pool) => {
      const { workerCreate, workerDestroy } = record(pool, 'workerCreate', 'workerDestroy');
      await until(() => workerCreate.length === 3);
      await pool.close();
      const [destroyed, created] = [workerDestroy, workerCreate].map((events) =>
        events.map(([id]) => id).sort(),
      );
      assert.deepEqual(destroyed, created);
      assert.equal(workerDestroy.length, 3);
    });
  }
});

test('a replaced worker emits workerDestroy, and its replacement workerCreate', async () => {
  await withPool([1, fixture('function-exit.js'), { minThreads: 0 }], async (pool) => {
    const order = [];
    pool.on('workerCreate', (id) => order.push(['create', id]));
    pool.on('workerDestroy', (id) => order.push(['destroy', id]));
    assert.equal((await outcomeOf(pool, 1))[0].exitCode, 1);
    assert.equal((await outcomeOf(pool, 2))[0].exitCode, 2);
    await pool.close();
    const created = order.filter(([name]) => name === 'create').map(([, id]) => id);
    const destroyed = order.filter(([name]) => name === 'destroy').map(([, id]) => id);
    assert.equal(new Set(created).size, created.length);
    assert.deepEqual(destroyed.sort(), created.sort());
    for (const id of created) {
      const positions = ['create', 'destroy'].map((name) =>
        order.findIndex(([each, thread]) => each === name && thread === id),
      );
      assert.ok(positions[0] < positions[1]);
    }
  });
});

test('an error thrown after the reply is an error event of no task', async () => {
  await withPool([1, fixture('context-throws-after.js')], async (pool) => {
    const { error } = record(pool, 'error');
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await outcomeOf(pool, i), [null, i]);
      await until(() => error.length === i + 1);
      const [err, ...rest] = error[i];
      assert.equal(err.message, 'after the reply');
      assert.match(err.stack, /context-throws-after\.js/);
      assert.deepEqual(rest, []);
    }
    assert.deepEqual([pool.completed, pool.failed], [3, 0]);
  });
});

test('a failed task emits no error event', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const { error } = record(pool, 'error');
    const controller = new AbortController();
    const running = outcomeOf(pool, { hold: 1 }, { signal: controller.signal });
    await gate.reached(1);
    controller.abort();
    assert.equal((await running)[0].code, 'ABORT_ERR');
    assert.equal((await outcomeOf(pool, null))[0].name, 'TypeError'); // the processor throws
    assert.equal((await outcomeOf(pool, () => {}))[0].code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
    await turns();
    assert.deepEqual(error, []);
  });
});
