'use strict';

// Threads that start and retire all the time, with tasks that arrive at that moment and some that
// kill their worker: every task is settled once, and all surplus threads end.

const assert = require('node:assert/strict');
const { createRandom, below, pick } = require('../../helpers/random.js');
const { poolTest, processors, events } = require('../../helpers/pool-session.js');

const ROUNDS = 8;
const DEADLY = ['exit', 'exitLater', 'throwLater', 'replyThenThrow'];

for (const [form, file] of processors('chaos')) {
  for (const idleTimeout of [0, 1, 5]) {
    poolTest(
      `${ROUNDS} bursts, idleTimeout ${idleTimeout}, ${form}`,
      { timeout: 60_000 },
      async ({ open, submit }, t) => {
        const seed = Number(process.env.ASYNC_HOOKS_RS_TEST_SEED ?? Date.now() % 2 ** 32);
        t.diagnostic(`ASYNC_HOOKS_RS_TEST_SEED=${seed}`);
        const random = createRandom(seed);
        const pool = open(4, file, { minThreads: 0, idleTimeout });
        let created = 0;
        let destroyed = 0;
        const lateDeaths = [];
        pool.on('workerCreate', () => {
          created++;
        });
        pool.on('workerDestroy', () => {
          destroyed++;
        });
        pool.on('error', (error) => lateDeaths.push(error.message));
        const one = async (a) => {
          const deadly = file !== undefined && below(random, 20) === 0;
          const task = {
            action: deadly ? pick(random, DEADLY) : 'add',
            id: a,
            a,
            b: 1,
            milliseconds: below(random, 3),
          };
          const { error, result } = await submit(pool, task);
          if (deadly) return;
          // A worker may die of a task that it has already answered.
          if (error === null) assert.equal(result, a + 1);
          else assert.equal(error.message, 'chaos');
        };
        for (let round = 0; round < ROUNDS; round++) {
          await Promise.all(Array.from({ length: 1 + below(random, 10) }, (_, a) => one(a)));
          assert.ok(pool.numThreads >= 0 && pool.numThreads <= 4, `${pool.numThreads} threads`);
          if (below(random, 3) === 0) await new Promise((resolve) => setImmediate(resolve));
          else await new Promise((resolve) => setTimeout(resolve, below(random, 8)));
        }
        const allGone = async () => {
          while (pool.numThreads > 0 || destroyed < created) await events(pool, 'workerDestroy');
          assert.equal(destroyed, created);
        };
        await allGone();
        // Whether one has retired between two bursts depends on the machine's load.
        const before = created;
        await one(0);
        await allGone();
        assert.ok(created > before);
        for (const message of lateDeaths) assert.equal(message, 'chaos');
      },
    );
  }
}
