'use strict';

// The scope of the callback of runTask(): that of its submission, without any influence of other
// callbacks.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../../index.js');
const { carries, storage: carried } = require('../../helpers/carries.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite(__filename);
const storage = new AsyncLocalStorage();
const echo = fixture('function-echo.js');

for (const [kind, args, task] of [
  ['native', [2], { a: 1, b: 2 }],
  ['function', [2, echo], 'task'],
  ['documentation', [2, fixture('docs-echo.js')], 'task'],
]) {
  const [, ...processor] = args;

  carries(
    test,
    `${kind}: callbacks`,
    async (report) => {
      const pool = new WorkerPool(1, ...processor);
      let open = 10;
      await new Promise((resolve) => {
        for (let i = 0; i < 10; i++) {
          pool.runTask(task, (err) => {
            report(err);
            if (--open === 0) resolve();
          });
        }
      });
      report();
      await pool.close();
      report();
    },
    { times: 12 },
  );

  carries(
    test,
    `${kind}: promises`,
    async (report) => {
      const pool = new WorkerPool(1, ...processor);
      await pool.run(task).then(() => report(), report);
      report();
      await pool.drain();
      report();
      await pool.close();
      report();
    },
    { times: 4 },
  );

  test(`${kind}: each of 1,000 tasks of a tick has its own scope`, async () => {
    await withPool(args, async (pool) => {
      const seen = await Promise.all(
        Array.from({ length: 1000 }, (_, i) =>
          storage.run(
            i,
            () =>
              new Promise((resolve) => {
                pool.runTask(task, () => resolve(storage.getStore()));
              }),
          ),
        ),
      );
      assert.deepEqual(
        seen,
        Array.from({ length: 1000 }, (_, i) => i),
      );
    });
  });

  test(`${kind}: the next callback does not see a store entered by this one`, async () => {
    await withPool(args, async (pool) => {
      const seen = [];
      const inner = [];
      await new Promise((resolve) => {
        for (let i = 0; i < 300; i++) {
          const submit = () =>
            pool.runTask(task, () => {
              seen[i] = storage.getStore();
              storage.enterWith(`entered by ${i}`);
              queueMicrotask(() => {
                inner[i] = storage.getStore();
                if (Object.keys(inner).length === 300) resolve();
              });
            });
          if (i % 3 === 0) storage.run(i, submit);
          else submit();
        }
      });
      const numbers = Array.from({ length: 300 }, (_, i) => i);
      assert.deepEqual(
        seen,
        numbers.map((i) => (i % 3 === 0 ? i : undefined)),
      );
      assert.deepEqual(
        inner,
        numbers.map((i) => `entered by ${i}`),
      );
    });
  });
}

test('a callback has several storages, including one of enterWith()', async () => {
  const others = [new AsyncLocalStorage(), new AsyncLocalStorage({ defaultValue: 'default' })];
  await withPool([1, echo], async (pool) => {
    const seen = await storage.run('first', () =>
      others[0].run('second', () => {
        storage.enterWith('entered');
        return new Promise((resolve) => {
          pool.runTask(1, () => resolve([storage, ...others].map((each) => each.getStore())));
          storage.enterWith('entered after');
        });
      }),
    );
    assert.deepEqual(seen, ['entered', 'second', 'default']);
  });
});

test('a task submitted by a callback is in the scope of that callback', async () => {
  await withPool([2, echo], async (pool) => {
    const chain = (depth) =>
      new Promise((resolve) => {
        pool.runTask(depth, (err, result) => {
          const seen = storage.getStore();
          resolve(depth === 0 ? [seen] : chain(result - 1).then((rest) => [seen, ...rest]));
        });
      });
    const all = await Promise.all(
      ['one', 'two', 'three'].map((name) => storage.run(name, () => chain(10))),
    );
    assert.deepEqual(
      all,
      ['one', 'two', 'three'].map((name) => Array(11).fill(name)),
    );
  });
});

test('waiting tasks of different scopes keep them, whoever frees the thread', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = storage.run('first', () => outcomeOf(pool, { hold: 1 }));
    await gate.reached(1);
    const seen = [];
    const rest = ['a', 'b', 'c'].map((name) =>
      storage.run(
        name,
        () =>
          new Promise((resolve) => {
            pool.runTask({}, () => resolve(seen.push([name, storage.getStore()])));
          }),
      ),
    );
    storage.run('releaser', () => gate.open());
    await Promise.all([first, ...rest]);
    assert.deepEqual(seen, [
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
  });
});

test('a callback does not see a store that was disabled meanwhile', async () => {
  await withPool([1, echo], async (pool) => {
    const disabled = new AsyncLocalStorage();
    const seen = await disabled.run('store', () => {
      const promise = new Promise((resolve) => {
        pool.runTask(1, () => resolve([disabled.getStore(), storage.getStore()]));
      });
      disabled.disable();
      return promise;
    });
    assert.deepEqual(seen, [undefined, undefined]);
  });
});

test('the constructor, close() and drain() do not change the current scope', async () => {
  await carried.run('outer', async () => {
    const pool = new WorkerPool(1, echo);
    assert.equal(carried.getStore(), 'outer');
    pool.runTask(1, () => {});
    assert.equal(carried.getStore(), 'outer');
    const drained = pool.drain();
    assert.equal(carried.getStore(), 'outer');
    await drained;
    const closed = pool.close();
    assert.equal(carried.getStore(), 'outer');
    await closed;
    assert.equal(carried.getStore(), 'outer');
  });
});

test('a worker sees no scope of the submitter, and none of the previous task', async () => {
  await withPool([1, fixture('context-enter-with.js')], async (pool) => {
    const results = await storage.run('submitter', () =>
      Promise.all(Array.from({ length: 50 }, (_, i) => pool.run(i))),
    );
    // Each finds no store, enters its own number, and sees that after an await.
    assert.deepEqual(
      results,
      Array.from({ length: 50 }, (_, i) => [null, i, i]),
    );
  });
});

test('ticks and microtasks of a task are done before the next begins', async () => {
  await withPool([1, fixture('context-microtasks.js')], async (pool) => {
    const results = await Promise.all(Array.from({ length: 100 }, (_, i) => pool.run(i)));
    // The microtask and the tick of the previous task are done.
    assert.deepEqual(
      results,
      Array.from({ length: 100 }, (_, i) => [i, i]),
    );
  });
});
