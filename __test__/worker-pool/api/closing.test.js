'use strict';

// close() at every moment: each running or waiting task fails once, with the code for the reason,
// and the threads have ended when the promise is fulfilled.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { countable } = require('../../helpers/thread-count.js');
const {
  poolTest,
  test,
  fixture,
  forms,
  processors,
  events,
} = require('../../helpers/pool-session.js');
const { until } = require('../../helpers/with-pool.js');

const add = (a, b) => ({ action: 'add', a, b });

function assertClosed({ error, result }) {
  assert.ok(error instanceof Error);
  assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
  assert.equal(result, null);
}

for (const [form, file] of processors('failures')) {
  poolTest(`close() while 500 tasks run and wait, ${form}`, {}, async ({ open, submit }) => {
    const pool = open(2, file);
    const gone = events(pool, 'workerDestroy', 2);
    let failed = 0;
    const tasks = Array.from({ length: 500 }, (_, a) => submit(pool, add(a, 1)));
    await Promise.race(tasks); // some are done, some are not
    const closed = pool.close();
    const outcomes = await Promise.all(tasks);
    outcomes.forEach((outcome, a) => {
      if (outcome.error === null) return assert.equal(outcome.result, a + 1);
      failed++;
      assertClosed(outcome);
    });
    await closed;
    await gone;
    assert.deepEqual([pool.completed, pool.failed], [500 - failed, failed]);
    assert.deepEqual([pool.numThreads, pool.queueSize, pool.running], [0, 0, 0]);
  });

  poolTest(`close() before the start is over, ${form}`, {}, async ({ open, submit }) => {
    const workerData = { held: new Int32Array(new SharedArrayBuffer(4)) };
    const pool = open(3, file, file === undefined ? {} : { workerData });
    const tasks = Array.from({ length: 50 }, (_, a) => submit(pool, add(a, 1)));
    await pool.close();
    (await Promise.all(tasks)).forEach((outcome, a) => {
      // Rust threads need no time to start.
      if (file !== undefined || outcome.error !== null) assertClosed(outcome);
      else assert.equal(outcome.result, a + 1);
    });
    assert.equal(pool.numThreads, 0);
  });

  poolTest(`close() of a pool that never had a task, ${form}`, {}, async ({ open }) => {
    const pool = open(2, file);
    const closed = pool.close();
    assert.equal(pool.close(), closed);
    assert.equal(await closed, undefined);
    assert.equal(pool.close(), closed);
    assert.equal(pool.numThreads, 0);
  });

  poolTest(`tasks submitted after close() fail, ${form}`, {}, async ({ open, submit }) => {
    const pool = open(1, file);
    assert.deepEqual(await submit(pool, add(1, 2)), { error: null, result: 3 });
    const closed = pool.close();
    let called = false;
    const early = submit(pool, add(1, 2));
    early.then(() => {
      called = true;
    });
    assert.equal(called, false);
    assertClosed(await early);
    await closed;
    assertClosed(await submit(pool, add(1, 2)));
    await assert.rejects(pool.run(add(1, 2)), { code: 'ERR_WORKER_POOL_CLOSED' });
    await pool.drain();
    assert.equal(pool.numThreads, 0);
  });

  poolTest(`close() in the tenth of 100 callbacks, ${form}`, {}, async ({ open, submit }) => {
    const pool = open(2, file);
    let done = 0;
    let closed;
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, a) => {
        const outcome = await submit(pool, add(a, 1));
        if (++done === 10) closed = pool.close();
        if (outcome.error === null) assert.equal(outcome.result, a + 1);
        else assertClosed(outcome);
        return outcome;
      }),
    );
    await closed;
    assert.ok(outcomes.filter(({ error }) => error === null).length >= 10);
    assert.equal(pool.completed + pool.failed, 100);
  });

  poolTest(`close() in a callback that submits again, ${form}`, {}, async ({ open, submit }) => {
    const pool = open(1, file);
    const outcomes = await new Promise((resolve) => {
      pool.runTask(add(1, 1), async () => {
        const more = [submit(pool, add(2, 2))];
        pool.close();
        more.push(submit(pool, add(3, 3)));
        resolve(await Promise.all(more));
      });
    });
    // The worker may already have finished the first one.
    if (outcomes[0].error === null) assert.equal(outcomes[0].result, 4);
    else assertClosed(outcomes[0]);
    assertClosed(outcomes[1]);
  });
}

for (const [form, file] of forms('failures')) {
  poolTest(
    `close() while tasks loop forever, wait forever, or sleep, ${form}`,
    {},
    async ({ open, submit }) => {
      const flags = new Int32Array(new SharedArrayBuffer(12));
      const pool = open(3, file, { workerData: { flags } });
      const tasks = [
        submit(pool, { action: 'announcedLoop', at: 0 }),
        submit(pool, { action: 'announcedSleep', at: 1 }),
        submit(pool, { action: 'announcedNever', at: 2 }),
        submit(pool, add(1, 1)),
      ];
      await until(() => flags.every((flag) => flag !== 0));
      assert.deepEqual([pool.running, pool.queueSize], [3, 1]);
      await pool.close();
      (await Promise.all(tasks)).forEach(assertClosed);
      assert.equal(pool.numThreads, 0);
    },
  );
}

poolTest('close() while the processor loops at load', {}, async ({ open, submit }) => {
  const flags = new Int32Array(new SharedArrayBuffer(4));
  const pool = open(1, fixture('closing-loops-at-load.js'), { workerData: flags });
  const task = submit(pool, 1);
  await until(() => flags[0] !== 0);
  await pool.close();
  assertClosed(await task);
});

poolTest('close() while a broken processor dies', {}, async ({ open, submit }) => {
  const pool = open(2, fixture('no-such-file.js'));
  const created = events(pool, 'workerCreate');
  const task = submit(pool, 1);
  await created;
  await pool.close();
  const { error } = await task;
  assert.match(error.code, /^ERR_WORKER_POOL_(CLOSED|WORKER_START)$/);
});

async function openAndClose({ processor, pools }) {
  const { WorkerPool } = require('async-hooks-rs');
  const { countable, count, countSettled } = require('./__test__/helpers/thread-count.js');
  const wrong = [];
  const round = async (i) => {
    const pool = new WorkerPool(1 + (i % 3), processor ?? undefined);
    let calls = 0;
    const tasks = 1 + (i % 7);
    const settled = new Promise((resolve) => {
      for (let a = 0; a < tasks; a++) {
        pool.runTask({ action: 'add', a, b: 1 }, (error, result) => {
          const right = error === null ? result === a + 1 : error.code === 'ERR_WORKER_POOL_CLOSED';
          if (!right) wrong.push([i, String(error), result]);
          if (++calls === tasks) resolve();
        });
      }
    });
    // Some when all tasks are done, some at once, some in between.
    if (i % 3 === 0) await settled;
    if (i % 3 === 1) await new Promise((resolve) => setImmediate(resolve));
    await pool.close();
    await settled;
    if (calls !== tasks || pool.numThreads !== 0) wrong.push([i, calls, tasks, pool.numThreads]);
  };
  // One-time allocations of the first pools are not a leak; a few pools at a time.
  const rounds = async (from, to) => {
    for (let i = from; i < to; i += 4) {
      await Promise.all([0, 1, 2, 3].map((k) => round(i + k)));
    }
  };
  await rounds(0, 8);
  const before = countable && count();
  await rounds(8, pools);
  return { wrong, more: countable && (await countSettled(before)) - before };
}

for (const [form, processor] of processors('failures')) {
  test(`52 pools opened and closed, ${form}: no thread is left`, async () => {
    // After the first eight, each kind of round with each number of tasks twice.
    const data = { processor, pools: 52 };
    const { wrong, more } = await runProgram(openAndClose, { data, timeout: 120_000 });
    assert.deepEqual(wrong, []);
    if (countable) assert.ok(more <= 0, `${more} threads more`);
  });
}
