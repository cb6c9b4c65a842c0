'use strict';

// User code that runs while a task or a result is encoded: getters, which may submit tasks, throw,
// or change the value.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

test('a getter may submit tasks to the same pool', async () => {
  await withPool([1, echo], async (pool) => {
    const inner = [];
    const outer = (i) => ({
      before: i,
      get during() {
        inner.push(outcomeOf(pool, { inner: i }), outcomeOf(pool, { large: 'x'.repeat(i * 1000) }));
        return i;
      },
      after: i,
    });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => outcomeOf(pool, outer(i))),
    );
    for (const [i, outcome] of outcomes.entries()) {
      assert.deepEqual(outcome, [null, { before: i, during: i, after: i }]);
    }
    const results = await Promise.all(inner);
    assert.equal(results.length, 400);
    for (let i = 0; i < 200; i++) {
      assert.deepEqual(results[2 * i], [null, { inner: i }]);
      assert.equal(results[2 * i + 1][1].large.length, i * 1000);
    }
  });
});

test('a getter may submit a task to another pool, or clone', async () => {
  const pools = [new WorkerPool(1, echo), new WorkerPool(1)];
  const sums = [];
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      outcomeOf(pools[0], {
        i,
        get sum() {
          sums.push(pools[1].run({ a: i, b: 1 }));
          return structuredClone({ i });
        },
      }),
    ),
  );
  assert.deepEqual(
    outcomes,
    outcomes.map((_, i) => [null, { i, sum: { i } }]),
  );
  assert.deepEqual(
    await Promise.all(sums),
    outcomes.map((_, i) => i + 1),
  );
  await Promise.all(pools.map((pool) => pool.close()));
});

test('a getter may close the pool', async () => {
  const pool = new WorkerPool(1, echo);
  let closed;
  const outcomes = await Promise.all([
    outcomeOf(pool, 'before'),
    outcomeOf(pool, {
      get closes() {
        return `${(closed = pool.close())}`;
      },
    }),
    outcomeOf(pool, 'after'),
  ]);
  await closed;
  for (const [err, result] of outcomes) {
    assert.equal(err?.code, 'ERR_WORKER_POOL_CLOSED');
    assert.equal(result, null);
  }
  assert.equal(pool.numThreads, 0);
});

test('a getter may close an idle pool: its task fails, and drain() ends', async () => {
  for (const [processor, task] of [
    [undefined, { a: 1, b: 2 }],
    [echo, 'task'],
  ]) {
    const pool = new WorkerPool(1, processor);
    await pool.run(task);
    const outcome = outcomeOf(pool, {
      get a() {
        return `${pool.close()}`;
      },
      b: 'text',
    });
    const drained = pool.drain();
    const [err, result] = await outcome;
    assert.deepEqual([err?.code, result], ['ERR_WORKER_POOL_CLOSED', null]);
    await Promise.all([drained, pool.close()]);
    assert.deepEqual([pool.completed, pool.failed, pool.numThreads], [1, 1, 0]);
  }
});

test('a getter may abort the signal of its task', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const controller = new AbortController();
    const task = {
      hold: 1,
      get value() {
        return controller.abort('why');
      },
    };
    const [err, result] = await outcomeOf(pool, task, { signal: controller.signal });
    assert.deepEqual([err.code, err.cause, result], ['ABORT_ERR', 'why', null]);
    assert.deepEqual(await outcomeOf(pool, { value: 'next' }), [null, 'next']);
  });
});

test('getters that throw fail only their own tasks of a tick', async () => {
  await withPool([2, echo], async (pool) => {
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        outcomeOf(pool, {
          i,
          nested: [
            {
              get value() {
                if (i % 3 === 0) throw new RangeError(`number ${i}`);
                return i;
              },
            },
          ],
        }),
      ),
    );
    for (const [i, [err, result]] of outcomes.entries()) {
      if (i % 3 === 0) assert.ok(`${err.message} ${err.cause?.message}`.includes(`number ${i}`));
      else assert.deepEqual([err, result], [null, { i, nested: [{ value: i }] }]);
    }
    assert.deepEqual([pool.completed, pool.failed], [200, 100]);
  });
});

test('a getter of a result that throws fails its task; the worker lives on', async () => {
  await withPool([1, fixture('function-getters.js')], async (pool) => {
    const thread = await pool.run('thread');
    for (const kind of ['throws', 'throws late']) {
      const [err, result] = await outcomeOf(pool, kind);
      assert.match(`${err.message} ${err.cause?.message}`, /of the getter/);
      assert.equal(result, null);
    }
    assert.deepEqual(await pool.run('changes'), { first: 1, second: 'changed' });
    assert.equal(await pool.run('thread'), thread);
  });
});

test('a Proxy is read like its target; a revoked one cannot be read', async () => {
  await withPool([1, echo], async (pool) => {
    assert.deepEqual(await outcomeOf(pool, new Proxy({ a: 1 }, {})), [null, { a: 1 }]);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const [[err, result], other] = await Promise.all([
      outcomeOf(pool, { proxy }),
      outcomeOf(pool, 'other'),
    ]);
    assert.ok(err instanceof TypeError);
    assert.equal(result, null);
    assert.deepEqual(other, [null, 'other']);
  });
});

for (const [title, value] of Object.entries({
  'a function': () => {},
  'a symbol': Symbol('s'),
  'a WeakMap': new WeakMap(),
  'a promise': Promise.resolve(),
  'a generator': (function* generator() {})(),
})) {
  test(`${title} cannot be cloned, alone or inside plain values`, async () => {
    await withPool([1, echo], async (pool) => {
      for (const task of [value, { a: [{ b: value }] }, new Map([[1, value]])]) {
        const [err, result] = await outcomeOf(pool, task);
        assert.ok(err instanceof TypeError);
        assert.equal(err.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
        assert.equal(err.cause.name, 'DataCloneError');
        assert.ok(err.message.includes(err.cause.message), err.message);
        assert.equal(result, null);
      }
      assert.deepEqual(await outcomeOf(pool, 'next'), [null, 'next']);
    });
  });
}
