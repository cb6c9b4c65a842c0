'use strict';

// drain(): fulfilled when everything submitted so far is settled.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

for (const [kind, processor] of [
  ['native', undefined],
  ['function', fixture('function-echo.js')],
]) {
  test(`${kind}: drain() without tasks is fulfilled`, async () => {
    await withPool([1, processor], async (pool) => {
      const drained = pool.drain();
      assert.ok(drained instanceof Promise);
      assert.equal(await drained, undefined);
      await outcomeOf(pool, { a: 1, b: 2 });
      await pool.drain();
    });
  });

  test(`${kind}: drain() is fulfilled after every callback`, async () => {
    await withPool([2, processor], async (pool) => {
      let called = 0;
      for (let round = 1; round <= 3; round++) {
        for (let i = 0; i < 1000; i++) pool.runTask({ a: 1, b: 2 }, () => called++);
        await pool.drain();
        assert.equal(called, 1000 * round);
      }
    });
  });
}

test('drain() is not fulfilled before the last task, and stops nothing', async () => {
  const gate = new Gate();
  await withPool([2, gateFile, { workerData: gate.workerData }], async (pool) => {
    const outcomes = [1, 2, 2, 1].map((hold) => outcomeOf(pool, { hold, value: hold }));
    let drained = false;
    const promise = pool.drain().then(() => {
      drained = true;
    });
    await gate.reached(2);
    gate.open(1);
    await outcomes[0];
    await turns();
    assert.equal(drained, false);
    gate.open(2);
    await promise;
    assert.deepEqual(
      await Promise.all(outcomes),
      [1, 2, 2, 1].map((value) => [null, value]),
    );
    assert.equal(await pool.run({ value: 'more' }), 'more');
  });
});

test('drain() does not wait for tasks submitted later', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = outcomeOf(pool, { hold: 1, value: 'first' });
    await gate.reached(1);
    const drained = pool.drain();
    const second = outcomeOf(pool, { hold: 2, value: 'second' });
    gate.open(1);
    await drained;
    assert.deepEqual(await first, [null, 'first']);
    assert.deepEqual([pool.running + pool.queueSize, pool.completed], [1, 1]);
    const both = pool.drain();
    gate.open(2);
    await both;
    assert.deepEqual(await second, [null, 'second']);
  });
});

test('each call has its own promise, for the tasks submitted before it', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const order = [];
    const waits = [];
    for (const hold of [1, 2, 3]) {
      outcomeOf(pool, { hold }).then(() => order.push(`task ${hold}`));
      waits.push(pool.drain().then(() => order.push(`drain ${hold}`)));
    }
    for (const hold of [1, 2, 3]) {
      gate.open(hold);
      await waits[hold - 1];
    }
    assert.deepEqual(
      order,
      [1, 2, 3].flatMap((hold) => [`task ${hold}`, `drain ${hold}`]),
    );
  });
});

test('a call after another one, with no task between, waits for the same tasks', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const order = [];
    const waits = [];
    for (const hold of [1, 2]) {
      outcomeOf(pool, { hold }).then(() => order.push(`task ${hold}`));
      for (const call of ['first', 'second']) {
        waits.push(pool.drain().then(() => order.push(`${call} drain ${hold}`)));
      }
    }
    gate.open(1);
    await Promise.all(waits.slice(0, 2));
    await turns();
    assert.deepEqual(order, ['task 1', 'first drain 1', 'second drain 1']);
    gate.open(2);
    await Promise.all(waits);
    assert.deepEqual(order.slice(3), ['task 2', 'first drain 2', 'second drain 2']);
  });
});

test('the time for many tasks does not depend on the number of drain() calls', async () => {
  await withPool([1], async (pool) => {
    const count = 16_000;
    const timeOf = async (submit) => {
      const start = performance.now();
      const all = [];
      for (let i = 0; i < count; i++) all.push(submit());
      await Promise.all(all);
      return performance.now() - start;
    };
    const alone = async () => {
      await pool.run({ a: 1, b: 2 });
    };
    const withDrain = () => {
      pool.runTask({ a: 1, b: 2 }, () => {});
      return pool.drain();
    };
    // The least of some: what the calls cost shows in each, what else the machine does does not.
    let [one, other] = [Infinity, Infinity];
    for (let i = 0; i < 3 || (i < 10 && other >= 8 * one); i++) {
      one = Math.min(one, await timeOf(alone));
      other = Math.min(other, await timeOf(withDrain));
    }
    assert.ok(other < 8 * one, `${other} ms instead of ${one} ms`);
  });
});

test('drain() counts failed tasks as settled', async () => {
  const gate = new Gate();
  const options = { workerData: gate.workerData, maxQueue: 3 };
  await withPool([1, gateFile, options], async (pool) => {
    const controller = new AbortController();
    const codes = [];
    const submit = (task, more = {}) => pool.runTask(task, more, (err) => codes.push(err?.code));
    submit({ hold: 1 });
    submit(() => {});
    submit({}, { signal: controller.signal });
    submit({ hold: 2 }, { timeout: 20 });
    submit({});
    submit('one too many');
    const drained = pool.drain();
    controller.abort();
    gate.open(1);
    await drained;
    assert.deepEqual(codes.map((code) => code ?? 'none').sort(), [
      'ABORT_ERR',
      'ERR_WORKER_POOL_NOT_CLONEABLE',
      'ERR_WORKER_POOL_QUEUE_FULL',
      'ERR_WORKER_POOL_TASK_TIMEOUT',
      'none',
      'none',
    ]);
  });
});

test('close() settles all tasks and drain()', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    let failed = 0;
    for (let i = 0; i < 10; i++) {
      pool.runTask({ hold: 1 }, (err) => {
        if (err) failed++;
      });
    }
    const drained = pool.drain().then(() => failed);
    await gate.reached(1);
    pool.close();
    assert.equal(await drained, 10);
    await pool.drain();
  });
});

test('drain() of a callback that submits does not wait for the next task', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const second = new Promise((resolve) => {
      pool.runTask({}, () => pool.runTask({ hold: 1, value: 2 }, (err, value) => resolve(value)));
    });
    await pool.drain();
    gate.open();
    assert.equal(await second, 2);
  });
});

test('drain() leaves the process alive as long as there are tasks', async () => {
  const log = await runProgram(
    async ({ file }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pools = [new WorkerPool(1), new WorkerPool(1, file)];
      const events = [];
      for (const pool of pools) {
        pool.runTask({ a: 1, b: 2 }, (err) => events.push(err));
        await pool.drain();
        events.push('drained');
      }
      return events;
    },
    { data: { file: fixture('function-echo.js') } },
  );
  assert.deepEqual(log, [null, 'drained', null, 'drained']);
});
