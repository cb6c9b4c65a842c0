'use strict';

// The scope of `onProgress`: that of the submission, as for the callback; and its order: all values
// of a task, before its result.

const assert = require('node:assert/strict');
const { executionAsyncId } = require('node:async_hooks');
const { AsyncLocalStorage } = require('../../../index.js');
const { carries } = require('../../helpers/carries.js');
const { differs } = require('../../helpers/engine.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, withPool } = require('../../helpers/with-pool.js');
const { SMALL, PRIMES_OF_SMALL, progressOf } = require('../../helpers/primes.js');

const test = poolSuite(__filename);
const storage = new AsyncLocalStorage();
const native = { native: 'primes' };

const submissions = {
  runTask: (pool, task, options, done) =>
    pool.runTask(task, options, (err, result) => {
      assert.equal(err, null);
      done(result);
    }),
  run: (pool, task, options, done) => {
    pool.run(task, options).then(done, assert.fail);
  },
};

for (const [name, submit] of Object.entries(submissions)) {
  carries(
    test,
    `${name}(): progress and what it starts`,
    async (report) => {
      const pool = new WorkerPool(2, native);
      await new Promise((resolve) => {
        const onProgress = async () => {
          report();
          await null;
          report();
        };
        submit(pool, { limit: SMALL }, { onProgress }, resolve);
      });
      report();
      await pool.close();
    },
    { times: 2 * progressOf(SMALL).length + 1 },
  );

  test(`${name}(): the next call does not see a store entered by this one`, async () => {
    await withPool([1, native], async (pool) => {
      const seen = [];
      await storage.run(
        'in',
        () =>
          new Promise((resolve) => {
            const onProgress = (value) => {
              seen.push(storage.getStore());
              storage.enterWith(`entered at ${value}`);
            };
            submit(pool, { limit: SMALL }, { onProgress }, resolve);
          }),
      );
      const all = progressOf(SMALL);
      const sticks = differs.enterWithSticksToResource;
      assert.deepEqual(
        seen,
        all.map((_, i) => (sticks && i > 0 ? `entered at ${all[i - 1]}` : 'in')),
      );
    });
  });
}

test('each of a hundred tasks tells all in its scope, in order, before its end', async () => {
  await withPool([4, native], async (pool) => {
    const told = Array.from({ length: 100 }, () => []);
    const others = new AsyncLocalStorage();
    await Promise.all(
      told.map((events, i) =>
        storage.run(
          i,
          () =>
            new Promise((resolve) => {
              const note = (what) => events.push([storage.getStore(), others.getStore(), what]);
              const submit = i % 2 === 0 ? submissions.runTask : submissions.run;
              others.run(`other ${i}`, () => {
                // What is entered afterwards is not in it.
                submit(pool, { limit: SMALL }, { onProgress: note }, (result) =>
                  resolve(note(result)),
                );
              });
              storage.enterWith('after');
            }),
        ),
      ),
    );
    const expected = [...progressOf(SMALL), PRIMES_OF_SMALL];
    for (const [i, events] of told.entries()) {
      assert.deepEqual(
        events,
        expected.map((what) => [i, `other ${i}`, what]),
      );
    }
  });
});

test("tasks with and without a listener do not get in each other's way", async () => {
  await withPool([2, native], async (pool) => {
    const values = [];
    const onProgress = (value) => values.push(value);
    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        pool.run({ limit: SMALL }, i % 4 === 0 ? { onProgress } : {}),
      ),
    );
    assert.deepEqual(counts, Array(40).fill(PRIMES_OF_SMALL));
    const all = Array(10).fill(progressOf(SMALL)).flat();
    assert.deepEqual(values.sort(), all.sort());
  });
});

test('progress and callback of runTask() run in one async resource', async () => {
  await withPool([1, native], async (pool) => {
    const ids = await new Promise((resolve) => {
      const seen = new Set();
      const onProgress = () => seen.add(executionAsyncId());
      pool.runTask({ limit: SMALL }, { onProgress }, () => resolve(seen.add(executionAsyncId())));
    });
    assert.equal(ids.size, 1);
  });
});
