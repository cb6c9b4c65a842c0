'use strict';

// A thousand tasks of fifty requests on two servers, one of which is killed, while Redis is
// restarted: every task settles, once, with its result, and ran in the context of its request.

const { describe, it, after } = require('node:test');
const assert = require('node:assert/strict');
const { QueuePool } = require('../../bullmq.js');
const { storageFor } = require('../../contexts.js');
const { Redis } = require('./helpers/redis.js');
const { fixture, serve } = require('./helpers/server.js');

const REQUESTS = 50;
const TASKS = 20; // of each
const ALL = REQUESTS * TASKS;

const OPTIONS = [
  ...['--threads', '2', '--lock', '1000', '--max-stalled', '10'],
  ...['--contexts', fixture('contexts.mjs')],
];

/** Calls the functions when as many tasks are settled. */
function milestones(steps) {
  let settled = 0;
  const done = [];
  return {
    count() {
      settled++;
      for (const [at, step] of steps) if (at === settled) done.push(step());
    },
    all: () => Promise.all(done),
  };
}

describe('servers and Redis that go away', () => {
  const startRedis = Redis.starter(after);

  it('every task settles, once, and in its own context', { timeout: 120_000 }, async (t) => {
    const redis = await startRedis();
    const request = storageFor('request');
    const pool = new QueuePool('crash', {
      connection: redis.url,
      contexts: [request],
      submitTimeout: 60_000,
    });
    t.after(() => pool.close());
    const start = () =>
      serve(t, { queue: 'crash', redis, processor: 'logging.mjs', options: OPTIONS });
    const servers = [await start(), await start()];
    const { count, all } = milestones([
      [ALL / 4, () => redis.kill().then(() => redis.again())],
      [ALL / 2, () => servers[0].child.kill('SIGKILL')],
    ]);
    const settled = new Map();
    const own = await Promise.all(
      Array.from({ length: REQUESTS }, (_, id) =>
        request.run({ id }, async () => {
          const seen = [];
          for (let i = 0; i < TASKS; i += 2) {
            const tasks = [i, i + 1].map((j) => id * TASKS + j);
            // One after the other, so that some are submitted in each state of the servers.
            await Promise.all(
              tasks.map(async (task) => {
                const result = await pool.run({ task });
                settled.set(task, [...(settled.get(task) ?? []), result]);
                seen.push(request.getStore().id);
                count();
              }),
            );
          }
          return seen.every((store) => store === id);
        }),
      ),
    );
    await all();
    assert.deepEqual([...new Set(own)], [true]);
    assert.equal(settled.size, ALL);
    for (const [task, results] of settled) assert.deepEqual(results, [task * 2]);
    assert.deepEqual([pool.completed, pool.failed, pool.queueSize], [ALL, 0, 0]);

    const lines = servers.flatMap(({ stdout }) => stdout.all.map((line) => JSON.parse(line)));
    const ran = new Set(lines.map(({ task }) => task));
    assert.equal(ran.size, ALL);
    for (const { task, request: id } of lines) assert.equal(id, Math.floor(task / TASKS));
    t.diagnostic(`${lines.length - ran.size} of ${ALL} tasks ran more than once`);
  });
});
