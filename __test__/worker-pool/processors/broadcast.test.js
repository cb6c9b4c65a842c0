'use strict';

// Values for all threads of a pool: broadcast().

const assert = require('node:assert/strict');
const { poolTest, test, events, fixture } = require('../../helpers/pool-session.js');
const { until } = require('../../helpers/with-pool.js');
const { runScript } = require('../../helpers/script.js');

const file = fixture('broadcasts.cjs');

/** Those of the fixture. */
function cells({ holdsSetup = false } = {}) {
  const shared = new Int32Array(new SharedArrayBuffer(16));
  shared[3] = Number(holdsSetup);
  return shared;
}

/** Has `count` threads set up that wait with it. */
async function endSetup(shared, count) {
  await until(() => Atomics.load(shared, 2) === count);
  Atomics.store(shared, 3, 0);
}

/** What each thread has seen, by its id. Tasks are sent until `count` threads have taken one. */
async function seenBy(pool, count) {
  const threads = new Map();
  while (threads.size < count) {
    const results = await Promise.all(Array.from({ length: 20 }, () => pool.run(['seen'])));
    for (const { threadId, seen } of results) threads.set(threadId, seen);
  }
  return [...threads.values()];
}

poolTest('threads that start take it after setup, before tasks', {}, async ({ open }) => {
  const workerData = cells({ holdsSetup: true });
  const pool = open(2, file, { workerData });
  const value = { list: [1] };
  const done = pool.broadcast(value);
  value.list.push(2); // it was copied
  await endSetup(workerData, 2);
  const { seen } = await pool.run(['seen']);
  assert.deepEqual(seen, ['setup', { list: [1] }]);
  assert.equal(await done, undefined);
  assert.deepEqual(await seenBy(pool, 2), [seen, seen]);
});

poolTest('each thread takes all of them, one after the other', {}, async ({ open }) => {
  const pool = open(2, file, { workerData: cells() });
  await pool.ready();
  await Promise.all([1, 2, 3].map((value) => pool.broadcast(value)));
  const expected = ['setup', 1, 2, 3];
  assert.deepEqual(await seenBy(pool, 2), [expected, expected]);
});

poolTest('later threads take the last one after setup, before tasks', {}, async ({ open }) => {
  const workerData = cells({ holdsSetup: true });
  const pool = open(1, file, { minThreads: 0, workerData });
  await pool.broadcast('no thread yet');
  await pool.broadcast('the last one');
  const lists = seenBy(pool, 1);
  await endSetup(workerData, 1);
  assert.deepEqual(await lists, [['setup', 'the last one']]);
  await pool.recycle();
  assert.deepEqual(await seenBy(pool, 1), [['setup', 'the last one']]);
});

poolTest('beside a task that waits, after one that does not', {}, async ({ open }) => {
  const workerData = cells();
  const pool = open(1, file, { workerData });
  const waiting = pool.run(['waits', 'now']);
  await pool.ready();
  await pool.broadcast('now');
  assert.deepEqual(await waiting, ['setup', 'now']);
  const looping = pool.run(['loops']);
  await until(() => Atomics.load(workerData, 0) === 1);
  const done = pool.broadcast('after');
  Atomics.store(workerData, 1, 1);
  assert.deepEqual(await looping, ['setup', 'now']);
  await done;
  assert.deepEqual(await seenBy(pool, 1), [['setup', 'now', 'after']]);
});

poolTest('threads that end meanwhile are not waited for', {}, async ({ open }) => {
  const workerData = cells();
  const pool = open(2, file, { workerData });
  await pool.ready();
  const errors = events(pool, 'error', 2);
  await pool.broadcast('exit');
  for (const [error] of await errors) assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
});

poolTest('recycling meanwhile', {}, async ({ open }) => {
  const workerData = cells();
  const pool = open(2, file, { workerData });
  await pool.ready();
  const done = pool.broadcast('held');
  await until(() => Atomics.load(workerData, 0) === 2);
  const recycled = pool.recycle();
  Atomics.store(workerData, 1, 1);
  await Promise.all([done, recycled]);
  const expected = ['setup', 'held'];
  assert.deepEqual(await seenBy(pool, 2), [expected, expected]);
});

poolTest('close() meanwhile and before', {}, async ({ open }) => {
  const workerData = cells();
  const pool = open(2, file, { workerData });
  await pool.ready();
  const held = assert.rejects(pool.broadcast('held'), (error) => {
    assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
    assert.ok(error.stack.includes(__filename), error.stack);
    return true;
  });
  await until(() => Atomics.load(workerData, 0) === 2);
  await pool.close();
  await held;
  await assert.rejects(pool.broadcast(1), { code: 'ERR_WORKER_POOL_CLOSED' });
});

poolTest('one that fails: all are waited for, and go on', {}, async ({ open }) => {
  const pool = open(2, file, { workerData: cells() });
  await pool.ready();
  for (const [value, count] of [
    ['fail', 2],
    ['first', 1],
  ]) {
    await assert.rejects(pool.broadcast(value), (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_BROADCAST');
      assert.match(error.message, new RegExp(`failed on ${count} of 2 threads, first on thread`));
      assert.match(error.message, /broadcasts\.cjs.*: not (this one|here)$/);
      assert.ok(error.cause instanceof RangeError);
      assert.ok(error.stack.includes(__filename), error.stack);
      return true;
    });
  }
  await assert.rejects(pool.broadcast('large'), (error) => /too large/.test(error.cause.message));
  await pool.broadcast('good');
  const lists = await seenBy(pool, 2);
  assert.deepEqual(lists.map((seen) => seen.join()).sort(), ['setup,first,good', 'setup,good']);
});

poolTest('a thread that starts and cannot take it does not start', {}, async ({ open, submit }) => {
  const workerData = cells({ holdsSetup: true });
  const pool = open(1, file, { workerData });
  const failed = assert.rejects(pool.broadcast('fail'), { code: 'ERR_WORKER_POOL_BROADCAST' });
  await endSetup(workerData, 1);
  await failed;
  const { error } = await submit(pool, ['seen']);
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
  assert.equal(error.cause.code, 'ERR_WORKER_POOL_BROADCAST');
  assert.match(error.cause.message, /broadcasts\.cjs failed: not this one$/);
  await pool.broadcast('good');
  assert.deepEqual(await seenBy(pool, 1), [['setup', 'good']]);
});

poolTest('where there is no such export', {}, async ({ open }) => {
  for (const [processor, code, message] of [
    [fixture('exports.js'), 'ERR_WORKER_POOL_EXPORT_UNKNOWN', /"broadcast".* are: /],
    [fixture('docs-echo.js'), 'ERR_WORKER_POOL_NO_EXPORTS', /listens/],
    [undefined, 'ERR_WORKER_POOL_NO_EXPORTS', /native/],
  ]) {
    const pool = open(2, processor);
    await assert.rejects(pool.broadcast(1), (error) => {
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.stack.includes(__filename), error.stack);
      return true;
    });
    await pool.recycle(); // threads start all the same
    await pool.ready();
  }
});

poolTest('values that cannot be copied', {}, async ({ open }) => {
  const pool = open(1, file, { workerData: cells() });
  await pool.broadcast('before');
  await assert.rejects(
    pool.broadcast(() => {}),
    (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
      assert.equal(error.cause.name, 'DataCloneError');
      return true;
    },
  );
  await pool.recycle();
  assert.deepEqual(await seenBy(pool, 1), [['setup', 'before']]);
});

test('it keeps the process, and a dropped pool is collected after it', async () => {
  const { stdout, stderr } = await runScript(
    `
    const { WorkerPool } = require('async-hooks-rs');
    const { collectWithOthers } = require('./__test__/helpers/gc.js');
    const workerData = new Int32Array(new SharedArrayBuffer(16));
    let dropped;
    (async () => {
      const pool = new WorkerPool(1, ${JSON.stringify(file)}, { workerData });
      await pool.broadcast(1);
      dropped = new WeakRef(pool);
    })()
      .then(() => collectWithOthers(() => dropped.deref() === undefined))
      .then((collected) => console.log(collected));`,
  );
  assert.equal(stdout, 'true\n', stderr);
});
