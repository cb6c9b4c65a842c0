'use strict';

// Tasks of one worker do not see each other: the ticks and promise jobs of a task are done before
// the next task begins, and its enterWith() ends with it.

const assert = require('node:assert/strict');
const { poolTest, fixture, forms } = require('../../helpers/pool-session.js');

const TASKS = 300;

const processors = [
  ...forms('isolation'),
  ["the docs' form, onmessage", fixture('isolation-docs-event-target.js')],
];

/** The results of `TASKS` tasks, submitted together. In the docs' form errors are results. */
async function resultsOf({ submit }, pool, makeTask) {
  const outcomes = await Promise.all(
    Array.from({ length: TASKS }, (_, i) => submit(pool, makeTask(i))),
  );
  return outcomes.map(({ error, result }) => (error === null ? result : error.found));
}

const all = (value) => Array(TASKS).fill(value);

for (const [form, file] of processors) {
  poolTest(`the queues of a task are empty before the next, ${form}`, {}, async (session, t) => {
    const pool = session.open(1, file);
    for (const depth of [0, 5]) {
      await t.test(`ticks and microtasks ${depth} deep are done before the next task`, async () => {
        const found = await resultsOf(session, pool, () => ({ action: 'queued', depth }));
        assert.deepEqual(found, all(0));
      });
    }

    await t.test('the queue of an async task is done before the next task', async () => {
      const found = await resultsOf(session, pool, () => ({ action: 'queuedBySteps', depth: 4 }));
      assert.deepEqual(found, all(0));
    });

    await t.test('tasks that come one by one are isolated', async () => {
      for (let i = 0; i < 50; i++) {
        assert.equal((await session.submit(pool, { action: 'queued', depth: 3 })).result, 0);
      }
    });
  });

  // A pool for each: while a built-in storage is in use, Node 20 and 22 track every promise.
  for (const storage of ['built-in', 'async-hooks-rs']) {
    poolTest(
      `the next task does not see an entered store, ${storage}, ${form}`,
      {},
      async (session, t) => {
        const pool = session.open(1, file);
        for (const action of [
          'enter',
          'enterLater',
          'enterInTick',
          'enterInTurn',
          'enterAndThrow',
        ]) {
          await t.test(action, async () => {
            const found = await resultsOf(session, pool, (id) => ({ action, storage, id }));
            assert.deepEqual(found, all(null));
            // Nor does a task that comes when all is quiet.
            for (let i = 0; i < 5; i++) {
              const { result } = await session.submit(pool, { action: 'look', storage });
              assert.equal(result, null);
            }
          });
        }
      },
    );

    poolTest(`a task keeps the store that it entered, ${storage}, ${form}`, {}, async (session) => {
      const pool = session.open(2, file);
      const found = await resultsOf(session, pool, (id) => ({ action: 'keeps', storage, id }));
      assert.deepEqual(
        found,
        found.map((_, id) => [null, id, id, id]),
      );
    });
  }
}
