'use strict';

// runTask(): the number, time, order and arguments of callback calls.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

const kinds = {
  'native': { processor: undefined, task: (i) => ({ a: i, b: 0 }) },
  'function': { processor: echo, task: (i) => i },
  'documentation': { processor: fixture('docs-echo.js'), task: (i) => i },
};

for (const [kind, { processor, task }] of Object.entries(kinds)) {
  test(`${kind}: runTask() calls back later, with null and the result`, async () => {
    await withPool([1, processor], async (pool) => {
      let returned = false;
      await new Promise((resolve, reject) => {
        const returns = pool.runTask(task(5), function (...args) {
          try {
            assert.ok(returned);
            assert.equal(this, null);
            assert.deepEqual(args, [null, 5]);
            resolve();
          } catch (error) {
            reject(error);
          }
        });
        assert.equal(returns, undefined);
        returned = true;
      });
    });
  });

  test(`${kind}: one thread takes its tasks in the order of submission`, async () => {
    await withPool([1, processor], async (pool) => {
      const results = [];
      await Promise.all(
        Array.from({ length: 500 }, async (_, i) => {
          const [, result] = await outcomeOf(pool, task(i));
          results.push(result);
        }),
      );
      assert.deepEqual(
        results,
        Array.from({ length: 500 }, (_, i) => i),
      );
    });
  });

  test(`${kind}: each callback may submit the next task`, async () => {
    await withPool([2, processor], async (pool) => {
      const results = await new Promise((resolve, reject) => {
        const collected = [];
        const next = (err, result) => {
          if (err !== null) return reject(err);
          collected.push(result);
          if (collected.length === 200) return resolve(collected);
          pool.runTask(task(result + 1), next);
        };
        pool.runTask(task(0), next);
      });
      assert.deepEqual(
        results,
        Array.from({ length: 200 }, (_, i) => i),
      );
    });
  });

  test(`${kind}: 100,000 tasks in one tick are all done`, async () => {
    await withPool([2, processor], async (pool) => {
      const count = 100_000;
      const calls = new Uint8Array(count);
      let wrong = 0;
      await new Promise((resolve) => {
        let open = count;
        for (let i = 0; i < count; i++) {
          pool.runTask(task(i), (err, result) => {
            calls[i]++;
            if (err !== null || result !== i) wrong++;
            if (--open === 0) resolve();
          });
        }
      });
      await turns();
      assert.equal(wrong, 0);
      assert.ok(calls.every((times) => times === 1));
    });
  });
}

const failing = {
  'what cannot be cloned': [(pool) => [pool, () => {}], 'ERR_WORKER_POOL_NOT_CLONEABLE'],
  'a signal aborted before': [(pool) => [pool, 1, { signal: AbortSignal.abort() }], 'ABORT_ERR'],
  'a closed pool': [
    (pool) => {
      pool.close();
      return [pool, 1];
    },
    'ERR_WORKER_POOL_CLOSED',
  ],
};

for (const [title, [prepare, code]] of Object.entries(failing)) {
  test(`the callback comes later, with an error and null: ${title}`, async () => {
    await withPool([1, echo], async (pool) => {
      const [, ...args] = prepare(pool);
      let returned = false;
      await new Promise((resolve, reject) => {
        const returns = pool.runTask(...args, function (...received) {
          try {
            assert.ok(returned);
            assert.equal(this, null);
            assert.equal(received.length, 2);
            assert.ok(received[0] instanceof Error);
            assert.equal(received[0].code, code);
            assert.equal(received[1], null);
            resolve();
          } catch (error) {
            reject(error);
          }
        });
        assert.equal(returns, undefined);
        returned = true;
      });
    });
  });
}

test('the callback comes later, with an error and null: a full queue', async () => {
  const gate = new Gate();
  const options = { maxQueue: 0, workerData: gate.workerData };
  await withPool([1, gateFile, options], async (pool) => {
    const first = outcomeOf(pool, { hold: 1, value: 'first' });
    await gate.reached(1);
    let returned = false;
    const second = outcomeOf(pool, { value: 'second' }).then(([err, result]) => {
      assert.ok(returned);
      assert.equal(err.code, 'ERR_WORKER_POOL_QUEUE_FULL');
      assert.equal(result, null);
    });
    returned = true;
    await second;
    gate.open();
    assert.deepEqual(await first, [null, 'first']);
  });
});

test('the callback has two arguments, even for a task that returns nothing', async () => {
  await withPool([1, echo], async (pool) => {
    const args = await new Promise((resolve) => {
      pool.runTask(undefined, (...received) => resolve(received));
    });
    assert.deepEqual(args, [null, undefined]);
  });
});

test('options may be omitted, undefined or empty', async () => {
  await withPool([1, echo], async (pool) => {
    assert.deepEqual(await outcomeOf(pool, 1), [null, 1]);
    assert.deepEqual(await outcomeOf(pool, 2, undefined), [null, 2]);
    assert.deepEqual(await outcomeOf(pool, 3, {}), [null, 3]);
    assert.deepEqual(
      await outcomeOf(pool, 4, {
        signal: undefined,
        timeout: undefined,
        priority: undefined,
        transferList: undefined,
      }),
      [null, 4],
    );
  });
});

test('many concurrent pools keep their tasks apart', async () => {
  const pools = Array.from({ length: 10 }, (_, i) =>
    i % 2 === 0 ? new WorkerPool(1, echo) : new WorkerPool(1),
  );
  const rounds = [];
  for (let i = 0; i < 100; i++) {
    for (const [number, pool] of pools.entries()) {
      const id = `${number}.${i}`;
      rounds.push(
        outcomeOf(pool, number % 2 === 0 ? id : { a: `${number}.`, b: `${i}` }).then((outcome) =>
          assert.deepEqual(outcome, [null, id]),
        ),
      );
    }
  }
  await Promise.all(rounds);
  assert.equal(rounds.length, 1000);
  for (const pool of pools) assert.equal(pool.completed, 100);
  await Promise.all(pools.map((pool) => pool.close()));
});
