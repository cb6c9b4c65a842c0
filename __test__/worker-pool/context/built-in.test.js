'use strict';

// Storages of node:async_hooks itself are also carried. In a file of its own: while such a storage
// is in use, Node 20 and 22 track every promise.

const assert = require('node:assert/strict');
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { outcomes, play, check } = require('../../helpers/pool-outcomes.js');
const { WorkerPool, fixture, withPool, until } = require('../../helpers/with-pool.js');

const test = poolSuite(__filename);
const storage = new AsyncLocalStorage();
const scopes = ['one', 'two', undefined];

for (const [title, outcome] of Object.entries(outcomes)) {
  test(`${title}: a callback runs in the scope of its submission`, async () => {
    const results = await storage.run('elsewhere', () =>
      play(outcome, (send, i) =>
        storage.run(scopes[i], () =>
          send((pool, task, options = {}) =>
            Promise.all([
              new Promise((resolve) => {
                pool.runTask(task, options, (err) => resolve({ seen: storage.getStore(), err }));
              }),
            ]),
          ),
        ),
      ),
    );
    for (const [{ err }] of results) check(assert, outcome, err);
    assert.deepEqual(
      results.map(([{ seen }]) => seen),
      scopes,
    );
  });
}

test('the next callback does not see a store entered by this one', async () => {
  await withPool([1], async (pool) => {
    const seen = await Promise.all(
      Array.from(
        { length: 300 },
        (_, i) =>
          new Promise((resolve) => {
            pool.runTask({ a: i, b: 1 }, () => {
              resolve(storage.getStore());
              storage.enterWith(i);
            });
          }),
      ),
    );
    assert.deepEqual(seen, Array(300).fill(undefined));
  });
});

test('events of the pool run in the scope that created it', async () => {
  const pool = storage.run('maker', () => new WorkerPool(1, fixture('docs-posts.js')));
  const seen = [];
  storage.run('listener', () => {
    pool.on('message', (value) => seen.push([value, storage.getStore()]));
  });
  await storage.run('submitter', () => pool.run({ now: ['reply', 'extra'] }));
  await until(() => seen.length > 0);
  assert.deepEqual(seen, [['extra', 'maker']]);
  await pool.close();
});

test("a runTask() in the scope of Node's AsyncResource calls back in that scope", async () => {
  await withPool([1], async (pool) => {
    const resource = storage.run('resource', () => new AsyncResource('R'));
    const seen = await storage.run('other', () =>
      resource.runInAsyncScope(
        () =>
          new Promise((resolve) => {
            pool.runTask({ a: 1, b: 2 }, () => resolve(storage.getStore()));
          }),
      ),
    );
    assert.equal(seen, 'resource');
  });
});
