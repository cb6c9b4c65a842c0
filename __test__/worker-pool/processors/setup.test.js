'use strict';

// What a processor exports beside its function: `setup` and `teardown`; and exports that are a
// promise.

const assert = require('node:assert/strict');
const { WorkerPool } = require('../../../index.js');
const { poolTest, test, events } = require('../../helpers/pool-session.js');
const { runProgram } = require('../../helpers/program.js');
const { countable } = require('../../helpers/thread-count.js');
const { until } = require('../../helpers/with-pool.js');
const { processorFolder } = require('../../helpers/processor-folder.js');

const cells = () => new Int32Array(new SharedArrayBuffer(8));

const counting = `
  const { threadId, workerData } = require('node:worker_threads');
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  module.exports = () => {
    const { workerId, ...given } = module.exports.seen;
    return [workerId === threadId, given.workerData === workerData];
  };
  module.exports.setup = async (given) => {
    await turn();
    module.exports.seen = given;
  };
  module.exports.teardown = async () => {
    await turn();
    Atomics.add(workerData, 0, 1);
  };
`;

poolTest('setup is awaited before the first task', {}, async ({ open }, t) => {
  const file = processorFolder(t)('a.cjs', counting);
  const workerData = cells();
  const pool = open(3, file, { workerData });
  const results = await Promise.all(Array.from({ length: 50 }, () => pool.run(1)));
  for (const seen of results) assert.deepEqual(seen, [true, true]);
});

poolTest('teardown is awaited by close(), in each thread', {}, async ({ open }, t) => {
  const file = processorFolder(t)('a.cjs', counting);
  const workerData = cells();
  const pool = open(3, file, { workerData });
  await pool.ready();
  await pool.close();
  assert.equal(workerData[0], 3);
});

poolTest('a thread that nobody needs any more tears down, too', {}, async ({ open }, t) => {
  const file = processorFolder(t)('a.cjs', counting);
  const workerData = cells();
  const pool = open(1, file, { workerData, minThreads: 0, idleTimeout: 0 });
  const gone = events(pool, 'workerDestroy', 1);
  await pool.run(1);
  await gone;
  assert.equal(workerData[0], 1);
});

for (const options of [{ maxTasksPerWorker: 1 }, {}]) {
  const title = `a thread that is replaced tears down, too: ${JSON.stringify(options)}`;
  poolTest(title, {}, async ({ open }, t) => {
    const file = processorFolder(t)('a.cjs', counting);
    const workerData = cells();
    const pool = open(1, file, { workerData, ...options });
    const gone = events(pool, 'workerDestroy', 1);
    await pool.run(1);
    if (options.maxTasksPerWorker === undefined) await pool.recycle();
    await gone;
    assert.equal(workerData[0], 1);
  });
}

poolTest('close() waits for a teardown that has begun before', {}, async ({ open }, t) => {
  const file = processorFolder(t)(
    'a.cjs',
    `const { workerData } = require('node:worker_threads');
     exports.default = () => 1;
     exports.teardown = async () => {
       Atomics.store(workerData, 0, 1);
       Atomics.notify(workerData, 0);
       while (Atomics.load(workerData, 1) === 0) await new Promise(setImmediate);
       Atomics.store(workerData, 0, 2);
     };`,
  );
  const workerData = cells();
  const pool = open(1, file, { workerData, minThreads: 0, idleTimeout: 0 });
  await pool.run(1);
  await until(() => Atomics.load(workerData, 0) === 1);
  const closed = pool.close();
  Atomics.store(workerData, 1, 1);
  await closed;
  assert.equal(workerData[0], 2);
});

poolTest('an ES module exports them by name, beside a named function', {}, async ({ open }, t) => {
  const file = processorFolder(t)(
    'a.mjs',
    `import { workerData } from 'node:worker_threads';
     let up;
     export const setup = () => { up = true; };
     export const teardown = () => { workerData[0] = 1; };
     export const task = () => up;`,
  );
  const workerData = cells();
  const pool = open(1, file, { workerData, name: 'task' });
  assert.equal(await pool.run(1), true);
  await pool.close();
  assert.equal(workerData[0], 1);
});

for (const [title, source] of [
  ['throws', 'exports.setup = () => { throw new RangeError("no database"); };'],
  ['rejects', 'exports.setup = async () => { throw new RangeError("no database"); };'],
]) {
  poolTest(`a setup that ${title} fails the tasks, once`, {}, async ({ open, submit }, t) => {
    const file = processorFolder(t)('a.cjs', `exports.default = () => 1; ${source}`);
    const pool = open(2, file);
    let created = 0;
    pool.on('workerCreate', () => created++);
    const ready = assert.rejects(pool.ready(), { code: 'ERR_WORKER_POOL_WORKER_START' });
    const outcomes = await Promise.all([1, 2, 3, 4].map((task) => submit(pool, task)));
    await ready;
    for (const { error } of outcomes) {
      assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
      assert.equal(error.cause.code, 'ERR_WORKER_POOL_SETUP');
      assert.ok(error.cause.message.includes(file), error.cause.message);
      assert.ok(error.cause.cause instanceof RangeError);
      assert.equal(error.cause.cause.message, 'no database');
    }
    assert.ok(created <= 3, `${created} threads`);
  });
}

poolTest("a teardown that throws is an event 'error'", {}, async ({ open }, t) => {
  const file = processorFolder(t)(
    'a.cjs',
    'exports.default = () => 1; exports.teardown = () => { throw new RangeError("locked"); };',
  );
  const pool = open(1, file);
  const errors = [];
  pool.on('error', (error) => errors.push(error));
  await pool.run(1);
  await pool.close();
  const [error, ...others] = errors; // a program may exit now
  assert.deepEqual(others, []);
  assert.equal(error.code, 'ERR_WORKER_POOL_TEARDOWN');
  assert.ok(error.message.includes(file));
  assert.equal(error.cause.message, 'locked');
});

poolTest('a teardown has 5 seconds', { timeout: 60_000 }, async ({ open }, t) => {
  const file = processorFolder(t)(
    'a.cjs',
    `exports.default = () => 1;
     exports.teardown = () => new Promise(() => setInterval(() => {}, 1000));`,
  );
  const pool = open(1, file);
  const errors = [];
  pool.on('error', (error) => errors.push(error));
  await pool.run(1);
  const start = performance.now();
  await pool.close();
  assert.ok(performance.now() - start > 4900);
  const [error] = errors;
  assert.equal(error.code, 'ERR_WORKER_POOL_TEARDOWN');
  assert.match(error.message, /within 5000 ms/);
});

// The 5 seconds are one in that program. It does nothing else until they have passed, and hears then
// that the thread has ended long before.
test(
  'a teardown that ends in time may be heard of later',
  async (t) => {
    const file = processorFolder(t)(
      'a.cjs',
      'exports.default = () => 1; exports.teardown = async () => {};',
    );
    const program = async (data) => {
      const timers = require('node:timers');
      const { setTimeout: original } = timers;
      timers.setTimeout = (fn, milliseconds, ...args) =>
        original(fn, milliseconds === 5000 ? 1000 : milliseconds, ...args);
      const { WorkerPool: Pool } = require('async-hooks-rs');
      const { count } = require('./__test__/helpers/thread-count.js');
      const errors = [];
      const pool = new Pool(1, data.file);
      pool.on('error', ({ code }) => errors.push(code));
      await pool.run(1);
      const running = count();
      const closed = pool.close();
      const start = performance.now();
      while (count() >= running && performance.now() - start < 950);
      const took = performance.now() - start;
      while (performance.now() - start < 1100);
      await closed;
      return { took, errors };
    };
    const { took, errors } = await runProgram(program, { data: { file } });
    if (took < 900) assert.deepEqual(errors, []);
    else t.skip(`the thread took ${took} ms`);
  },
  { skip: !countable && 'nobody knows when the thread has ended' },
);

poolTest('a thread that is stopped does not tear down', {}, async ({ open, submit }, t) => {
  const file = processorFolder(t)(
    'a.cjs',
    `const { workerData } = require('node:worker_threads');
     exports.default = (task) => { while (task.endless); };
     exports.teardown = () => { Atomics.add(workerData, 0, 1); };`,
  );
  const workerData = cells();
  const pool = open(1, file, { workerData });
  const { error } = await submit(pool, { endless: true }, { timeout: 1 });
  assert.equal(error.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
  await pool.ready(); // of the thread that takes its place
  await pool.close();
  assert.equal(workerData[0], 1);
});

for (const [name, source, options] of [
  ['a.cjs', 'module.exports = Promise.resolve(() => "awaited");', {}],
  ['b.cjs', 'module.exports = (async () => ({ task: () => "awaited" }))();', { name: 'task' }],
  ['c.mjs', 'export default Promise.resolve(() => "awaited");', {}],
]) {
  poolTest(`exports may be a promise: ${name}`, {}, async ({ open }, t) => {
    const pool = open(1, processorFolder(t)(name, source), options);
    assert.equal(await pool.run(1), 'awaited');
  });
}

poolTest('a promise of exports that rejects is a thread that cannot start', {}, async (s, t) => {
  const file = processorFolder(t)('a.cjs', 'module.exports = Promise.reject(new Error("none"));');
  const { error } = await s.submit(s.open(1, file), 1);
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
  assert.equal(error.cause.message, 'none');
});

poolTest('ready() waits for all threads that stay, and only for them', {}, async ({ open }, t) => {
  const file = processorFolder(t)('a.cjs', counting);
  const pool = open(3, file, { workerData: cells(), minThreads: 2 });
  await Promise.all([pool.ready(), pool.ready()]);
  assert.equal(pool.numThreads, 2);
  await pool.ready();
  await open(2, file, { workerData: cells(), minThreads: 0 }).ready();
  await open(2).ready(); // native threads
});

poolTest('ready() tries again after a failure', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const file = write('a.cjs', 'throw new Error("not yet");');
  const pool = open(1, file);
  for (let i = 0; i < 2; i++) {
    await assert.rejects(pool.ready(), (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
      assert.equal(error.cause.message, 'not yet');
      assert.ok(error.stack.includes(__filename), error.stack);
      return true;
    });
  }
  write('a.cjs', 'module.exports = () => 1;');
  await pool.ready();
  assert.equal(await pool.run(1), 1);
});

poolTest('ready() of a pool that is closed', {}, async () => {
  const pool = new WorkerPool(2);
  const waiting = assert.rejects(new WorkerPool(1, 'missing.js').ready(), {
    code: 'ERR_WORKER_POOL_WORKER_START',
  });
  const ready = assert.rejects(pool.ready(), { code: 'ERR_WORKER_POOL_CLOSED' });
  await pool.close();
  await ready;
  await assert.rejects(pool.ready(), { code: 'ERR_WORKER_POOL_CLOSED' });
  await waiting;
});
