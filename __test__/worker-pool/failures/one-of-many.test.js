'use strict';

// One bad task among 400, for every way a task can fail: it alone fails, with an error that says
// what happened, and the others have their results. In both kinds of processor.

const assert = require('node:assert/strict');
const { poolTest, forms, events } = require('../../helpers/pool-session.js');

const TASKS = 400;
const BAD = 137;

// The error that failures-actions.js throws.
function assertOwnError(error) {
  assert.ok(error instanceof TypeError, String(error));
  assert.equal(error.message, 'expected');
  assert.equal(error.code, 'ERR_OWN');
  assert.deepEqual(error.detail, { list: [1, 2] });
  assert.ok(error.cause instanceof RangeError);
  assert.equal(error.cause.message, 'the reason');
  assert.match(error.stack, /^TypeError.*: expected\n/);
  assert.match(error.stack, /failures-actions\.js/);
}

function assertExit(error, exitCode) {
  assert.ok(error instanceof Error);
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
  assert.equal(error.exitCode, exitCode);
}

function assertOverflow(error) {
  assert.ok(error instanceof RangeError);
  assert.equal(error.message, 'Maximum call stack size exceeded');
  assert.match(error.stack, /failures-actions\.js/);
}

function assertOutOfMemory(error) {
  assert.ok(error instanceof Error);
  assert.equal(error.code, 'ERR_WORKER_OUT_OF_MEMORY');
}

function assertTimeout(error) {
  assert.ok(error instanceof Error);
  assert.equal(error.name, 'TimeoutError');
  assert.equal(error.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
}

function assertNotCloneable(error) {
  assert.ok(error instanceof TypeError);
  assert.equal(error.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
  assert.equal(error.cause?.name, 'DataCloneError');
}

// In the docs' form postMessage() throws it in the worker, and it stays uncaught.
function assertResultNotCloneable(error, form) {
  if (form === 'a function' || error.name !== 'DataCloneError') assertNotCloneable(error);
}

// `dies`: the worker dies, in every form; 'docs': only where an error of a handler stays uncaught.
const ways = {
  'throws': { action: 'throw', check: assertOwnError, dies: 'docs' },
  'rejects': { action: 'reject', check: assertOwnError, dies: 'docs' },
  'throws in a timer': { action: 'throwLater', check: assertOwnError, dies: true },
  'throws in a tick': { action: 'throwInTick', check: assertOwnError, dies: true },
  'leaves a rejection to nobody': { action: 'strayRejection', check: assertOwnError, dies: true },
  'exits at once': { action: 'exit', code: 3, check: (error) => assertExit(error, 3), dies: true },
  'exits with code 0': {
    action: 'exit',
    code: 0,
    check: (error) => assertExit(error, 0),
    dies: true,
  },
  'exits later': {
    action: 'exitLater',
    code: 4,
    check: (error) => assertExit(error, 4),
    dies: true,
  },
  'overflows the stack': { action: 'overflow', check: assertOverflow, dies: 'docs' },
  'runs out of memory': {
    action: 'grow',
    check: assertOutOfMemory,
    dies: true,
    pool: { resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 } },
  },
  'loops for ever and has a time limit': {
    action: 'loop',
    check: assertTimeout,
    dies: true,
    options: { timeout: 50 },
  },
  'returns what cannot be cloned': {
    action: 'returnFunction',
    check: assertResultNotCloneable,
    dies: 'docs',
  },
  'gives what cannot be cloned, later': {
    action: 'returnWeakMap',
    check: assertResultNotCloneable,
    dies: 'docs',
  },
  'cannot be cloned itself': {
    action: 'echo',
    value: () => {},
    check: assertNotCloneable,
    dies: false,
  },
};

/** A pool, its threads, and how many of them should have been replaced. */
class Watched {
  created = [];
  destroyed = [];
  replaced = 0;

  constructor(pool) {
    this.pool = pool;
    pool.on('workerCreate', (id) => this.created.push(id));
    pool.on('workerDestroy', (id) => this.destroyed.push(id));
  }
}

for (const [form, file] of forms('failures')) {
  poolTest(`one task of ${TASKS} fails, in each way, in ${form}`, {}, async (session, t) => {
    const { open, submit } = session;
    const everyday = new Watched(open(2, file));
    for (const [way, { check, dies, options, pool: limits, ...task }] of Object.entries(ways)) {
      const watched = limits === undefined ? everyday : new Watched(open(2, file, limits));
      const { pool, created, destroyed } = watched;
      const replaced = dies === true || (dies === 'docs' && form !== 'a function');
      if (replaced) watched.replaced++;

      await t.test(way, async () => {
        const { completed, failed } = pool;
        const gone = replaced && events(pool, 'workerDestroy');

        const outcomes = await Promise.all(
          Array.from({ length: TASKS }, (_, a) =>
            a === BAD ? submit(pool, task, options) : submit(pool, { action: 'add', a, b: 1000 }),
          ),
        );
        outcomes.forEach(({ error, result }, a) => {
          if (a === BAD) return;
          assert.deepEqual([error, result], [null, a + 1000]);
        });
        assert.equal(outcomes[BAD].result, null);
        check(outcomes[BAD].error, form);
        assert.deepEqual([pool.completed - completed, pool.failed - failed], [TASKS - 1, 1]);

        await gone;
        const numbers = Array.from({ length: 40 }, (_, a) => a);
        const more = await Promise.all(
          numbers.map((a) => submit(pool, { action: 'add', a, b: 1 })),
        );
        assert.deepEqual(
          more,
          numbers.map((a) => ({ error: null, result: a + 1 })),
        );
        assert.equal(pool.numThreads, 2);
        assert.equal(destroyed.length, watched.replaced);
        assert.equal(created.length, 2 + watched.replaced);
      });
    }
  });

  // In the documentation's form most failures end their thread.
  poolTest(`every task of 40 fails, in ${form}`, {}, async ({ open, submit }) => {
    const pool = open(2, file);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        submit(pool, { action: ['throw', 'exitLater', 'throwLater', 'reject'][i % 4], code: i }),
      ),
    );
    outcomes.forEach(({ error, result }, i) => {
      assert.equal(result, null);
      if (i % 4 === 1) assertExit(error, i);
      else assertOwnError(error);
    });
    assert.deepEqual(await submit(pool, { action: 'add', a: 1, b: 2 }), { error: null, result: 3 });
    assert.deepEqual([pool.completed, pool.failed], [1, 40]);
  });
}

poolTest('a native task that cannot be added fails alone', {}, async ({ open, submit }) => {
  const pool = open(2);
  const outcomes = await Promise.all(
    Array.from({ length: TASKS }, (_, a) =>
      submit(pool, a === BAD ? { a: 1, b: 'text' } : { a, b: 1000 }),
    ),
  );
  outcomes.forEach(({ error, result }, a) => {
    if (a !== BAD) return assert.deepEqual([error, result], [null, a + 1000]);
    assert.ok(error instanceof Error);
    assert.equal(error.code, 'ERR_WORKER_POOL_NATIVE_TASK');
    assert.equal(result, null);
  });
  assert.deepEqual([pool.numThreads, pool.completed, pool.failed], [2, TASKS - 1, 1]);
});

poolTest('a native task that cannot be cloned fails alone', {}, async ({ open, submit }) => {
  const pool = open(1);
  const [bad, good] = await Promise.all([
    submit(pool, { a: () => {}, b: 1 }),
    submit(pool, { a: 1, b: 1 }),
  ]);
  assert.match(bad.error.code, /^ERR_WORKER_POOL_(NOT_CLONEABLE|NATIVE_TASK)$/);
  assert.equal(bad.result, null);
  assert.deepEqual(good, { error: null, result: 2 });
});
