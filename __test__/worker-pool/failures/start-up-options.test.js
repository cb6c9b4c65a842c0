'use strict';

// Options that Node refuses only when a thread is created, after the constructor: the waiting tasks
// fail with the reason, and a later task tries again.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

function checkStart([err, result], what) {
  assert.ok(err instanceof Error);
  assert.equal(err.code, 'ERR_WORKER_POOL_WORKER_START');
  const { name, code } = err.cause;
  assert.ok([name, code].includes(what), `${name} ${code}`);
  assert.equal(result, null);
}

for (const [options, what] of [
  [{ workerData: () => {} }, 'ERR_WORKER_POOL_NOT_CLONEABLE'],
  [{ env: 5 }, 'ERR_INVALID_ARG_TYPE'],
  [{ argv: 'text' }, 'ERR_INVALID_ARG_TYPE'],
  [{ execArgv: ['--no-such-flag'] }, 'ERR_WORKER_INVALID_EXEC_ARGV'],
]) {
  const [name] = Object.keys(options);

  test(`${name} fails the task when the first task needs a thread`, async () => {
    await withPool([1, echo, { minThreads: 0, ...options }], async (pool) => {
      for (let round = 1; round <= 3; round++) {
        checkStart(await outcomeOf(pool, round), what);
        await assert.rejects(pool.run(round), { code: 'ERR_WORKER_POOL_WORKER_START' });
        const outcomes = [1, 2, 3].map((task) => outcomeOf(pool, task));
        for (const outcome of await Promise.all(outcomes)) checkStart(outcome, what);
        assert.deepEqual([pool.queueSize, pool.numThreads, pool.failed], [0, 0, 5 * round]);
      }
      await pool.drain();
      await turns(); // time for an extra call
    });
  });

  test(`${name} makes the constructor throw when a thread starts at once`, async () => {
    await assert.rejects(
      withPool([1, echo, options], () => assert.fail()),
      (error) => {
        assert.ok([error.name, error.code].includes(what), String(error));
        return true;
      },
    );
  });
}

const thrown = {
  'text': 'text',
  'nothing': undefined,
  'a frozen error': Object.freeze(Object.assign(new Error('frozen'), { code: 'ERR_FROZEN' })),
};

for (const [what, value] of Object.entries(thrown)) {
  test(`the constructor throws what a getter of env throws: ${what}`, async () => {
    const env = {
      get VARIABLE() {
        throw value;
      },
    };
    let caught = 'nothing was caught';
    await withPool([1, echo, { env }], () => assert.fail('a thread has started')).catch((error) => {
      caught = error;
    });
    assert.equal(caught, value);
  });
}

// The first thread has got them.
for (const [title, file] of [
  ['in a function', fixture('failures-function.js')],
  ['docs', fixture('failures-docs.js')],
]) {
  test(`tasks fail if workerData is gone when a thread is replaced, ${title}`, async () => {
    const workerData = new ArrayBuffer(8);
    await withPool([1, file, { workerData }], async (pool) => {
      const add = { action: 'add', a: 1, b: 2 };
      assert.equal(await pool.run(add), 3);
      structuredClone(workerData, { transfer: [workerData] });
      const dies = outcomeOf(pool, { action: 'exit', code: 3 });
      const waiting = [1, 2, 3].map(() => outcomeOf(pool, add));
      assert.equal((await dies)[0].code, 'ERR_WORKER_POOL_WORKER_EXIT');
      for (const outcome of await Promise.all(waiting)) {
        checkStart(outcome, 'ERR_WORKER_POOL_NOT_CLONEABLE');
      }
      checkStart(await outcomeOf(pool, add), 'ERR_WORKER_POOL_NOT_CLONEABLE');
      assert.deepEqual([pool.completed, pool.failed, pool.queueSize], [1, 5, 0]);
    });
  });
}

test('a pool with refused options does not keep the process alive', async () => {
  const codes = await runProgram(
    ({ file }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(1, file, { minThreads: 0, workerData: () => {} });
      const seen = [];
      for (let i = 0; i < 3; i++) pool.runTask(i, (err) => seen.push(err.code));
      return seen;
    },
    { data: { file: echo }, timeout: 20_000 },
  );
  assert.deepEqual(codes, Array(3).fill('ERR_WORKER_POOL_WORKER_START'));
});
