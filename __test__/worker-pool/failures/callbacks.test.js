'use strict';

// A callback that throws: its exception is an uncaught one, the other callbacks, including those of
// the same batch, are called nevertheless, in their own scopes, and the pool goes on. In processes
// of their own, because node:test has handlers for such exceptions.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { runScript } = require('../../helpers/script.js');
const { test, fixture, processors } = require('../../helpers/pool-session.js');

// Submits 200 tasks together, each in a scope of its own. Every third callback throws.
async function throwInCallbacks({ processor, failing }) {
  const { AsyncLocalStorage, WorkerPool } = require('async-hooks-rs');
  const storage = new AsyncLocalStorage();
  const pool = new WorkerPool(2, processor ?? undefined);
  const calls = [];
  const caught = [];
  process.on('uncaughtException', (error, origin) => caught.push([error.number, origin]));
  const wrong = [];
  for (let i = 0; i < 200; i++) {
    const fails = failing && i % 4 === 0;
    // For the native processor this is a task that it refuses; for the others, one that throws.
    const task = fails ? { action: 'throw', a: {} } : { action: 'add', a: i, b: 1 };
    storage.run(i, () =>
      pool.runTask(task, (error, result) => {
        calls.push(i);
        if (storage.getStore() !== i) wrong.push([i, storage.getStore()]);
        if (fails ? result !== null || error === null : error !== null || result !== i + 1) {
          wrong.push([i, String(error), result]);
        }
        if (i % 3 === 0) throw Object.assign(new Error('thrown by a callback'), { number: i });
      }),
    );
  }
  await pool.drain();
  const more = await Promise.all(
    Array.from({ length: 20 }, (_, i) => pool.run({ action: 'add', a: i, b: i })),
  );
  const counts = { completed: pool.completed, failed: pool.failed, running: pool.running };
  await pool.close();
  return { calls: calls.sort((a, b) => a - b), caught, wrong, more, counts };
}

const numbers = Array.from({ length: 200 }, (_, i) => i);

for (const [form, processor] of processors('failures')) {
  for (const failing of [false, true]) {
    const what = failing ? 'results and errors' : 'results';
    test(`every third of 200 callbacks of ${what} throws, ${form}`, async () => {
      const data = { processor, failing };
      const { calls, caught, wrong, more, counts } = await runProgram(throwInCallbacks, { data });
      assert.deepEqual(calls, numbers);
      assert.deepEqual(wrong, []);
      assert.deepEqual(
        caught.sort(([a], [b]) => a - b),
        numbers.filter((i) => i % 3 === 0).map((i) => [i, 'uncaughtException']),
      );
      assert.deepEqual(
        more,
        numbers.slice(0, 20).map((i) => 2 * i),
      );
      const failed = failing ? 50 : 0;
      assert.deepEqual(counts, { completed: 220 - failed, failed, running: 0 });
    });
  }

  test(`an unhandled exception of a callback ends the process, ${form}`, async () => {
    const { code, signal, stdout, stderr } = await runScript(
      `
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(2, ${JSON.stringify(processor)});
      for (let i = 0; i < 50; i++) {
        pool.runTask({ action: 'add', a: i, b: 1 }, () => {
          if (i === 10) throw new Error('nobody handles this');
        });
      }
      process.on('exit', (code) => console.log('exit', code));
    `,
      { timeout: 20_000 },
    );
    assert.deepEqual([code, signal, stdout], [1, null, 'exit 1\n']);
    assert.match(stderr, /Error: nobody handles this\n/);
  });
}

test('callbacks of aborted, refused and closed tasks may throw', async () => {
  const { caught, codes } = await runProgram(
    async ({ processor }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(1, processor, { maxQueue: 3 });
      const seen = { caught: [], codes: [] };
      process.on('uncaughtException', (error) => seen.caught.push(error.message));
      const submit = (task, options, message) =>
        pool.runTask(task, options, (error) => {
          seen.codes.push(error.code);
          throw new Error(message);
        });
      const count = async (number) => {
        while (seen.codes.length < number) await new Promise((resolve) => setImmediate(resolve));
      };
      const aborted = new AbortController();
      const later = new AbortController();
      aborted.abort();
      submit({ action: 'echo', value() {} }, {}, 'not cloneable');
      await count(1);
      submit({ action: 'never' }, {}, 'closed');
      submit({ action: 'never' }, { signal: aborted.signal }, 'aborted before');
      submit({ action: 'never' }, { signal: later.signal }, 'aborted');
      later.abort();
      await count(3);
      await pool.close();
      submit({ action: 'never' }, {}, 'closed before');
      await count(5);
      return seen;
    },
    { data: { processor: fixture('failures-function.js') } },
  );
  assert.deepEqual(codes.sort(), [
    'ABORT_ERR',
    'ABORT_ERR',
    'ERR_WORKER_POOL_CLOSED',
    'ERR_WORKER_POOL_CLOSED',
    'ERR_WORKER_POOL_NOT_CLONEABLE',
  ]);
  assert.deepEqual(caught.sort(), [
    'aborted',
    'aborted before',
    'closed',
    'closed before',
    'not cloneable',
  ]);
});

test('a promise without a handler is an unhandled rejection', async () => {
  const { code, stdout, stderr } = await runScript(
    `
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, ${JSON.stringify(fixture('failures-function.js'))});
    pool.run({ action: 'throw' });
    pool.run({ action: 'add', a: 1, b: 1 }).then(console.log);
  `,
    { timeout: 20_000 },
  );
  assert.equal(code, 1, stderr);
  assert.ok(stdout === '' || stdout === '2\n');
  assert.match(stderr, /TypeError.*: expected\n/);
});
