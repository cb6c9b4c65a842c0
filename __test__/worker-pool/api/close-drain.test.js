'use strict';

// close({ drain, timeout }) and destroy(): what was submitted is finished, what is left fails.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const CLOSED = 'ERR_WORKER_POOL_CLOSED';
const CLOSE_TIMEOUT = 'ERR_WORKER_POOL_CLOSE_TIMEOUT';
const echo = fixture('function-echo.js');
const root = path.resolve(__dirname, '../../..');

const gated = (threads = 1, options = {}) => {
  const gate = new Gate();
  const pool = new WorkerPool(threads, gateFile, { ...options, workerData: gate.workerData });
  return { gate, pool };
};
const codeOf = async (promise) => (await promise.catch((error) => error)).code;

for (const [kind, args] of Object.entries({
  'native': [2],
  'function': [2, echo],
  'documentation': [2, fixture('docs-echo.js')],
  'without threads': [2, echo, { minThreads: 0 }],
})) {
  for (const name of ['close', 'destroy']) {
    test(`${kind}: ${name}({ drain: true }) finishes what was submitted, no more`, async () => {
      const pool = new WorkerPool(...args);
      const outcomes = Array.from({ length: 200 }, (_, a) => outcomeOf(pool, { a, b: 0 }));
      const closed = pool[name]({ drain: true });
      assert.equal((await outcomeOf(pool, { a: 1, b: 2 }))[0].code, CLOSED);
      assert.equal(await closed, undefined);
      for (const [i, [err, result]] of (await Promise.all(outcomes)).entries()) {
        assert.deepEqual([err, result], [null, kind === 'native' ? i : { a: i, b: 0 }]);
      }
      assert.deepEqual([pool.completed, pool.failed, pool.numThreads], [200, 1, 0]);
    });
  }

  test(`${kind}: without tasks close({ drain: true }) ends the pool`, async () => {
    const pool = new WorkerPool(...args);
    await pool.close({ drain: true, timeout: 60_000 });
    assert.equal(pool.numThreads, 0);
    assert.equal(await codeOf(pool.run({ a: 1, b: 2 })), CLOSED);
  });
}

test('tasks that are left after the timeout fail, running and waiting ones', async () => {
  const { gate, pool } = gated(2);
  const tasks = [1, 2, 3, 4].map(() => pool.run({ hold: 1 }));
  const codes = Promise.all(tasks.map(codeOf));
  await gate.reached(2);
  await pool.close({ drain: true, timeout: 20 });
  assert.deepEqual(await codes, Array(4).fill(CLOSE_TIMEOUT));
  assert.deepEqual([pool.numThreads, pool.failed, gate.started], [0, 4, 2]);
  await tasks[0].catch(({ message }) => assert.match(message, /within 20 ms/));
});

test('the timeout stops a native task', async () => {
  const pool = new WorkerPool(1, { native: 'primes' });
  const code = codeOf(pool.run({ limit: 1e12 }));
  await pool.close({ drain: true, timeout: 20 });
  assert.equal(await code, CLOSE_TIMEOUT);
});

test('a task that is done in time is none of those, and the timer is gone', async () => {
  const results = await runProgram(
    ({ file }) => {
      const { WorkerPool: Pool } = require('async-hooks-rs');
      const pool = new Pool(1, file);
      const seen = [];
      pool.run('done').then((result) => seen.push(result));
      pool.close({ drain: true, timeout: 2 ** 31 - 1 });
      return seen; // the process ends
    },
    { data: { file: echo } },
  );
  assert.deepEqual(results, ['done']);
});

test('all calls have one promise', async () => {
  const { gate, pool } = gated();
  const task = pool.run({ hold: 1, value: 5 });
  await gate.reached(1);
  const closed = pool.close({ drain: true });
  assert.equal(pool.close({ drain: true, timeout: 60_000 }), closed);
  assert.equal(pool.destroy({ drain: true }), closed);
  gate.open();
  assert.equal(await task, 5);
  await closed;
  assert.equal(pool.close({ drain: true }), closed);
  assert.equal(pool.close(), closed);
});

test('close() while the pool drains ends it at once', async () => {
  const { gate, pool } = gated();
  const codes = Promise.all([1, 2].map(() => codeOf(pool.run({ hold: 1 }))));
  await gate.reached(1);
  const closed = pool.close({ drain: true, timeout: 60_000 });
  await turns();
  assert.equal(pool.running, 1);
  assert.equal(pool.close(), closed);
  await closed;
  assert.deepEqual(await codes, [CLOSED, CLOSED]);
});

test('the earliest limit counts', async () => {
  for (const [first, second] of [
    [60_000, 10],
    [10, 60_000],
    [Infinity, 10],
  ]) {
    const { gate, pool } = gated();
    const task = pool.run({ hold: 1 });
    const code = codeOf(task);
    await gate.reached(1);
    pool.close({ drain: true, timeout: first });
    await pool.close({ drain: true, timeout: second });
    assert.equal(await code, CLOSE_TIMEOUT);
    await task.catch(({ message }) => assert.match(message, /within 10 ms/));
  }
});

test('while close() ends the pool, a drain changes nothing', async () => {
  const { gate, pool } = gated();
  const code = codeOf(pool.run({ hold: 1 }));
  await gate.reached(1);
  const closed = pool.close();
  assert.equal(pool.close({ drain: true }), closed);
  await closed;
  assert.equal(await code, CLOSED);
});

test('a thread that ends while the pool drains is replaced for the tasks that wait', async () => {
  const pool = new WorkerPool(1, fixture('failures-function.js'));
  const tasks = [
    codeOf(pool.run({ action: 'exit', code: 3 })),
    pool.run({ action: 'add', a: 1, b: 2 }),
  ];
  await pool.close({ drain: true });
  assert.deepEqual(await Promise.all(tasks), ['ERR_WORKER_POOL_WORKER_EXIT', 3]);
});

test('a task whose getter closes the pool counts as submitted before', async () => {
  const pool = new WorkerPool(1, echo);
  const task = pool.run({
    get value() {
      pool.close({ drain: true });
      return 1;
    },
  });
  assert.deepEqual(await task, { value: 1 });
  await pool.close();
});

test('events and counters are as before', async () => {
  const { gate, pool } = gated();
  const events = [];
  for (const name of ['drain', 'workerDestroy']) pool.on(name, () => events.push(name));
  const task = pool.run({ hold: 1 });
  await gate.reached(1);
  const closed = pool.close({ drain: true });
  assert.deepEqual([pool.running, pool.queueSize, pool.numThreads], [1, 0, 1]);
  gate.open();
  await task;
  await closed;
  await turns();
  assert.deepEqual(events, ['drain', 'workerDestroy']);
});

test('wrong options reject the promise, and the pool goes on', async () => {
  const pool = new WorkerPool(1, echo);
  const INVALID = 'ERR_INVALID_ARG_TYPE';
  const RANGE = 'ERR_OUT_OF_RANGE';
  for (const [options, code] of [
    [null, INVALID],
    [5, INVALID],
    ['SIGTERM', INVALID],
    [{ drain: 1 }, INVALID],
    [{ drain: true, timeout: '1' }, INVALID],
    [{ drain: true, timeout: 0 }, RANGE],
    [{ drain: true, timeout: 1.5 }, RANGE],
    [{ drain: true, timeout: 2 ** 31 }, RANGE],
    [{ timeout: 10 }, RANGE],
  ]) {
    for (const name of ['close', 'destroy']) {
      const error = await pool[name](options).catch((thrown) => thrown);
      assert.equal(error.code, code, JSON.stringify(options));
      const [first] = error.stack.split('\n    at ').slice(1);
      assert.ok(first.includes(__filename), first);
    }
  }
  assert.equal(await pool.run(1), 1);
  await pool.close({ drain: undefined, timeout: undefined });
});

test('options are own properties', async () => {
  const { gate, pool } = gated();
  const code = codeOf(pool.run({ hold: 1 }));
  await gate.reached(1);
  await pool.close(Object.create({ drain: true }));
  assert.equal(await code, CLOSED);
});

test('the errors begin at the call that left them', async () => {
  for (const [name, options] of [
    ['close', { drain: true, timeout: 5 }],
    ['destroy', { drain: true, timeout: 5 }],
    ['close', {}],
    ['destroy', {}],
  ]) {
    const { gate, pool } = gated();
    const error = pool.run({ hold: 1 }).catch((thrown) => thrown);
    await gate.reached(1);
    await (function ofTheProgram() {
      return pool[name](options);
    })();
    assert.match((await error).stack.split('\n')[1], /ofTheProgram/);
  }
});

// Windows has no signals that a program can hear of.
const unlessWindows = process.platform === 'win32' ? (test.skip ?? (() => {})) : test;

for (const [signals, expected] of [
  [1, ['SIGTERM', 'result 7']],
  [2, ['SIGTERM', CLOSED]],
]) {
  unlessWindows(`SIGTERM, ${signals} times`, async () => {
    const program = `
      const { WorkerPool } = require('async-hooks-rs');
      const cells = new Int32Array(new SharedArrayBuffer(8));
      const pool = new WorkerPool(1, ${JSON.stringify(gateFile)}, { workerData: { gate: cells } });
      const tell = (text) => process.stdout.write(text + '\\n');
      process.once('SIGTERM', async (signal) => {
        process.once(signal, () => pool.close());
        const closed = pool.close({ drain: true, timeout: 60_000 });
        tell(signal);
        ${signals === 1 ? 'Atomics.store(cells, 1, 1); Atomics.notify(cells, 1);' : ''}
        await closed;
      });
      pool.run({ hold: 1, value: 7 }).then(
        (result) => tell('result ' + result),
        ({ code }) => tell(code),
      );
      const begun = setInterval(() => {
        if (Atomics.load(cells, 0) === 0) return;
        clearInterval(begun);
        tell('begun');
      }, 1);
    `;
    const child = spawn(process.execPath, ['-e', program], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (output === 'begun\n') child.kill('SIGTERM');
      if (output === 'begun\nSIGTERM\n' && signals === 2) child.kill('SIGTERM');
    });
    const [code, signal] = await once(child, 'close');
    assert.deepEqual([code, signal], [0, null]);
    assert.deepEqual(output.trim().split('\n'), ['begun', ...expected]);
  });
}
