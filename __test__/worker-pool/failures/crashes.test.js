'use strict';

// Workers that die while they are idle: no task fails, the pool emits 'error', and a new worker
// replaces the dead one.

const assert = require('node:assert/strict');
const { runScript } = require('../../helpers/script.js');
const { poolTest, test, fixture, forms, events } = require('../../helpers/pool-session.js');

function assertLateError(error) {
  assert.ok(error instanceof TypeError, String(error));
  assert.equal(error.message, 'after the reply');
  assert.equal(error.code, 'ERR_OWN');
  assert.match(error.stack, /failures-actions\.js/);
}

function assertLateExit(error) {
  assert.ok(error instanceof Error);
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
  assert.equal(error.exitCode, 5);
  assert.match(error.message, /exit code 5 while it was idle/);
}

const ways = {
  'throws in a timer': ['replyThenThrow', assertLateError],
  'rejects to nobody': ['replyThenReject', assertLateError],
  'calls process.exit()': ['replyThenExit', assertLateExit],
};

for (const [form, file] of forms('failures')) {
  for (const [way, [action, check]] of Object.entries(ways)) {
    poolTest(`an idle worker that ${way} is replaced, ${form}`, {}, async ({ open, submit }) => {
      const pool = open(2, file);
      const errors = [];
      const destroyed = [];
      pool.on('error', (error) => errors.push(error));
      pool.on('workerDestroy', (id) => destroyed.push(id));
      for (let round = 1; round <= 3; round++) {
        const died = Promise.all([events(pool, 'error'), events(pool, 'workerDestroy')]);
        assert.deepEqual(await submit(pool, { action, code: 5 }), {
          error: null,
          result: 'replied',
        });
        await died;
        assert.equal(errors.length, round);
        check(errors[round - 1]);
        assert.equal(new Set(destroyed).size, round);
        const numbers = Array.from({ length: 50 }, (_, a) => a);
        const next = await Promise.all(
          numbers.map((a) => submit(pool, { action: 'add', a, b: 1 })),
        );
        assert.deepEqual(
          next,
          numbers.map((a) => ({ error: null, result: a + 1 })),
        );
        assert.equal(pool.numThreads, 2);
      }
      assert.deepEqual([pool.completed, pool.failed, pool.running], [153, 0, 0]);
    });
  }

  // It waits in the queue meanwhile; the dying worker must not take it.
  for (const action of ['ThrowInTick', 'ThrowInMicrotask', 'RejectAtOnce']) {
    const title = `the task after the reply that dies is another worker's: ${action}, in ${form}`;
    poolTest(title, {}, async ({ open, submit }) => {
      const pool = open(1, file);
      const errors = [];
      pool.on('error', (error) => errors.push(error));
      for (let a = 0; a < 3; a++) {
        const outcomes = await Promise.all([
          submit(pool, { action: `replyThen${action}` }),
          submit(pool, { action: 'add', a, b: 1 }),
        ]);
        assert.deepEqual(outcomes, [
          { error: null, result: 'replied' },
          { error: null, result: a + 1 },
        ]);
      }
      assert.equal(errors.length, 3);
      errors.forEach(assertLateError);
    });
  }

  poolTest(`four dead idle workers are replaced, ${form}`, {}, async ({ open, submit }) => {
    const flags = new Int32Array(new SharedArrayBuffer(4));
    const pool = open(4, file, { workerData: { flags } });
    const errors = [];
    pool.on('error', (error) => errors.push(error));
    const created = events(pool, 'workerCreate', 8);
    const destroyed = events(pool, 'workerDestroy', 4);
    const failed = events(pool, 'error', 4);
    // The tasks meet first, so that each worker gets one of them.
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => submit(pool, { action: 'meetThenExit', parties: 4 })),
    );
    assert.deepEqual(
      replies.map(({ result }) => result),
      Array(4).fill('replied'),
    );
    await Promise.all([created, destroyed, failed]);
    assert.equal(errors.length, 4);
    errors.forEach(assertLateExit);
    const next = await Promise.all(
      Array.from({ length: 50 }, (_, a) => submit(pool, { action: 'add', a, b: 1 })),
    );
    assert.deepEqual(
      next.map(({ result }) => result),
      next.map((_, a) => a + 1),
    );
    assert.equal(pool.numThreads, 4);
  });
}

test('the death of an idle worker without a listener is an unhandled error event', async () => {
  const { code, stdout, stderr } = await runScript(
    `
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, ${JSON.stringify(fixture('failures-function.js'))});
    const died = new Int32Array(new SharedArrayBuffer(4));
    setInterval(() => {}, 1000);
    pool.run({ action: 'add', a: 1, b: 1 }).then(() => {
      pool.run({ action: 'replyThenThrow' }).then(console.log);
      // The reply and the death are heard of at once.
      setImmediate(() => Atomics.wait(died, 0, 0, 300));
    });
  `,
    { timeout: 20_000 },
  );
  assert.equal(code, 1, stderr);
  assert.equal(stdout, 'replied\n');
  assert.match(stderr, /TypeError.*: after the reply\n/);
});
