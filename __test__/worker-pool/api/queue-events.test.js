'use strict';

// The events 'queueFull' and 'queueDrain': one of each for each time that the queue is full.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, outcomeOf, turns, withPool } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const FULL = 'ERR_WORKER_POOL_QUEUE_FULL';

/** A pool whose tasks wait for the gate, and the events that it has emitted. */
function withGate([threads, options], body) {
  const gate = new Gate();
  const args = [threads, gateFile, { ...options, workerData: gate.workerData }];
  return withPool(args, (pool) => {
    const events = [];
    for (const name of ['queueFull', 'queueDrain', 'drain']) {
      pool.on(name, (...values) => events.push([name, ...values].join(' ')));
    }
    return body({ gate, pool, events });
  });
}

const withoutDrain = (events) => events.filter((name) => name !== 'drain');

test('the last free place, then an empty queue', async () => {
  await withGate([2, { maxQueue: 3 }], async ({ gate, pool, events }) => {
    const held = [1, 2].map((hold) => pool.run({ hold }));
    await gate.reached(2);
    const waiting = [3, 3].map((hold) => pool.run({ hold }));
    await turns();
    assert.deepEqual(events, []);
    const last = pool.run({ hold: 3 });
    assert.deepEqual(events, [], 'not before the call has ended');
    await null;
    await turns();
    assert.deepEqual(events, ['queueFull']);
    assert.equal((await outcomeOf(pool, {}))[0].code, FULL);

    // A place becomes free, and is taken again.
    gate.open(1);
    await held[0];
    const again = pool.run({ hold: 3 });
    await turns();
    assert.deepEqual(events, ['queueFull']);

    gate.open(2);
    await held[1];
    await gate.reached(4);
    await turns();
    assert.deepEqual(events, ['queueFull']);
    gate.open(3);
    await Promise.all([...waiting, last, again]);
    await turns();
    assert.deepEqual(events.sort(), ['drain', 'queueDrain', 'queueFull']);
  });
});

test('each time anew', async () => {
  await withGate([1, { maxQueue: 1 }], async ({ gate, pool, events }) => {
    gate.open();
    for (let i = 0; i < 3; i++) {
      await Promise.all([pool.run({}), pool.run({})]);
      await turns();
    }
    assert.deepEqual(withoutDrain(events), [
      'queueFull',
      'queueDrain',
      'queueFull',
      'queueDrain',
      'queueFull',
      'queueDrain',
    ]);
  });
});

test('without a queue, a free thread is what counts', async () => {
  await withGate([2, { maxQueue: 0 }], async ({ gate, pool, events }) => {
    const first = pool.run({ hold: 1 });
    await gate.reached(1);
    assert.deepEqual(events, []);
    const second = pool.run({ hold: 2 });
    await gate.reached(2);
    await turns();
    assert.deepEqual(events, ['queueFull']);
    gate.open(1);
    await first;
    await turns();
    assert.deepEqual(events, ['queueFull', 'queueDrain']);
    gate.open(2);
    await second;
  });
});

test('tasks that leave the queue by an abort or by close() empty it, too', async () => {
  for (const leave of ['abort', 'close']) {
    await withGate([1, { maxQueue: 2 }], async ({ gate, pool, events }) => {
      const controller = new AbortController();
      const held = pool.run({ hold: 1 });
      await gate.reached(1);
      const { signal } = controller;
      const waiting = [1, 2].map(() => outcomeOf(pool, {}, { signal }));
      held.catch(() => {});
      if (leave === 'abort') controller.abort();
      else await pool.close();
      await Promise.all(waiting);
      await turns();
      assert.deepEqual(withoutDrain(events), ['queueFull', 'queueDrain']);
      gate.open();
    });
  }
});

test('a task that cannot be sent frees its place', async () => {
  await withGate([1, { maxQueue: 0 }], async ({ pool, events, gate }) => {
    gate.open();
    assert.ok((await outcomeOf(pool, { value: () => {} }))[0] instanceof Error);
    await turns();
    assert.deepEqual(await outcomeOf(pool, { value: 1 }), [null, 1]);
    await turns();
    assert.deepEqual(withoutDrain(events), ['queueFull', 'queueDrain', 'queueFull', 'queueDrain']);
  });
});

test('native tasks fill a queue; without maxQueue there is no such event', async () => {
  for (const [options, expected] of [
    [{ maxQueue: 1 }, ['queueFull', 'queueDrain']],
    [{}, []],
  ]) {
    await withPool([1, { native: 'add' }, options], async (pool) => {
      const events = [];
      for (const name of ['queueFull', 'queueDrain']) pool.on(name, () => events.push(name));
      await Promise.all([1, 2].map((a) => pool.run({ a, b: 0 })));
      await turns();
      assert.deepEqual(events, expected);
    });
  }
});

test('a listener that throws harms no task', async () => {
  const log = await runProgram(
    async ({ file }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const seen = [];
      process.on('uncaughtException', ({ message }) => seen.push(message));
      const pool = new WorkerPool(1, file, { maxQueue: 0 });
      for (const name of ['queueFull', 'queueDrain']) {
        pool.on(name, () => {
          throw new Error(name);
        });
      }
      for (const value of [1, 2]) {
        seen.push(await pool.run(value));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await pool.close();
      return seen;
    },
    { data: { file: fixture('function-echo.js') } },
  );
  assert.deepEqual(log.sort(), [1, 2, 'queueDrain', 'queueDrain', 'queueFull', 'queueFull']);
});
