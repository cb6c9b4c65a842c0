'use strict';

// Getters of what a program passes to a pool use the pool while it reads them, and so do other
// functions of the program that the pool calls in the middle of something.

const assert = require('node:assert/strict');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, turns, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const echo = fixture('function-echo.js');
const KB = 1024;

/** Has the property `first`, a getter that calls `action` when it is read for the first time. */
function acting(action, object = {}) {
  let isDone = false;
  const get = () => {
    if (!isDone) {
      isDone = true;
      action();
    }
    return 1;
  };
  return Object.defineProperty(object, 'first', { get, enumerable: true });
}

test('a large task follows one whose getter has submitted a task and thrown', async () => {
  await withPool([1, echo], async (pool) => {
    const text = 'b'.repeat(200 * KB);
    const others = [pool.run('alone'), pool.run('a'.repeat(100 * KB))];
    const thrown = new Error('of the getter');
    const throwing = acting(() => {
      others.push(pool.run('within'));
      throw thrown;
    });
    const refused = assert.rejects(pool.run(throwing), thrown);
    assert.equal(await pool.run(text), text);
    await refused;
    assert.equal((await Promise.all(others)).at(-1), 'within');
  });
});

test('a large task whose getter submits a task arrives whole', async () => {
  await withPool([1, echo], async (pool) => {
    const others = [pool.run('alone'), pool.run('a'.repeat(100 * KB))];
    const text = 'b'.repeat(200 * KB);
    const large = Object.assign(
      acting(() => others.push(pool.run('within'))),
      { text },
    );
    assert.deepEqual(await pool.run(large), { text, first: 1 });
    assert.equal((await Promise.all(others)).at(-1), 'within');
  });
});

test('broadcast() waits for no thread that ends while the value is read', async (t) => {
  const source = 'module.exports = () => process.exit(3); module.exports.broadcast = () => {};';
  await withPool([2, processorFolder(t)('exits.cjs', source)], async (pool) => {
    await pool.ready();
    const value = acting(() => {
      assert.throws(() => pool.runSync(0), { code: 'ERR_WORKER_POOL_WORKER_EXIT' });
    });
    await pool.broadcast(value);
  });
});

test('broadcast() fails if the pool is closed while the value is read', async () => {
  await withPool([1, fixture('broadcasts.cjs')], async (pool) => {
    const value = acting(() => void pool.close());
    await assert.rejects(pool.broadcast(value), { code: 'ERR_WORKER_POOL_CLOSED' });
  });
});

test('a reason whose getter aborts another task aborts its own once', async () => {
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const options = { abortGrace: 60_000, workerData: { cells } };
  await withPool([1, fixture('function-info.js'), options], async (pool) => {
    const [controller, other] = [new AbortController(), new AbortController()];
    const task = pool.run({ action: 'wait' }, { signal: controller.signal });
    const waiting = pool.run({ action: 'thread' }, { signal: other.signal });
    await until(() => Atomics.load(cells, 0) === 1);
    controller.abort(acting(() => other.abort(), new Error('why')));
    await assert.rejects(task, { code: 'ABORT_ERR' });
    await assert.rejects(waiting, { code: 'ABORT_ERR' });
    // Each of the next tasks is told, whichever number it gets from those before.
    const told = [];
    const onProgress = (value) => told.push(value);
    const next = () => pool.run({ action: 'progress', value: [1] }, { onProgress });
    await Promise.all([next(), next(), next()]);
    assert.deepEqual(told, [1, 1, 1]);
  });
});

test('a reason whose getter aborts a running task is told, and so is the reason of that', async () => {
  // The first cell counts the tasks that run, the second those that have learned their reason.
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const processor = (name, { signal }) =>
    new Promise((resolve) => {
      const counts = require('node:worker_threads').workerData;
      signal.addEventListener('abort', () => {
        if (signal.reason.cause?.message === name) Atomics.add(counts, 1, 1);
        resolve();
      });
      Atomics.add(counts, 0, 1);
    });
  await withPool([2, processor, { abortGrace: 60_000, workerData: cells }], async (pool) => {
    const [controller, other] = [new AbortController(), new AbortController()];
    const tasks = [
      pool.run('outer', { signal: controller.signal }),
      pool.run('inner', { signal: other.signal }),
    ];
    await until(() => Atomics.load(cells, 0) === 2);
    controller.abort(acting(() => other.abort(new Error('inner')), new Error('outer')));
    for (const task of tasks) await assert.rejects(task, { code: 'ABORT_ERR' });
    await until(() => Atomics.load(cells, 1) === 2);
  });
});

/** Calls `body` with a pool, and a function that has the next reading of `workerData` call its own. */
async function withReadings(options, body) {
  let action = () => {};
  const workerData = {
    get data() {
      const act = action;
      action = () => {};
      act();
      return 1;
    },
  };
  const pool = new WorkerPool(1, (task) => (task === 'exit' ? process.exit(3) : task), {
    ...options,
    workerData,
  });
  await pool.ready();
  await body(pool, (act) => {
    action = act;
  });
  await pool.close();
  assert.equal(pool.numThreads, 0);
}

for (const runtime of ['worker_threads', 'child_process']) {
  if (runtime === 'child_process' && ('bun' in process.versions || 'deno' in process.versions)) {
    continue;
  }
  test(`${runtime}: close() while the data of a thread is read ends that one, too`, async () => {
    await withReadings({ runtime }, async (pool, onReading) => {
      const ids = new Set(pool.stats().threads.map(({ id }) => id));
      pool.on('workerCreate', (id) => ids.add(id));
      pool.on('workerDestroy', (id) => ids.delete(id));
      onReading(() => void pool.close());
      await pool.recycle();
      await pool.close();
      assert.deepEqual([...ids], []);
    });
  });

  test(`${runtime}: recycle() while the data of a thread is read replaces one by one`, async () => {
    await withReadings({ runtime }, async (pool, onReading) => {
      let within;
      onReading(() => {
        within = pool.recycle();
      });
      await pool.recycle();
      await within;
      assert.equal(pool.stats().threads.length, 1);
      assert.equal(await pool.run('next'), 'next');
    });
  });
}

test('ready() while the data of a thread is read starts no other one', async () => {
  await withReadings({}, async (pool, onReading) => {
    const started = [];
    pool.on('workerCreate', (id) => started.push(id));
    let ready;
    onReading(() => {
      ready = pool.ready();
    });
    await assert.rejects(pool.run('exit'), { code: 'ERR_WORKER_POOL_WORKER_EXIT' });
    assert.equal(await pool.run('task'), 'task');
    await ready;
    assert.deepEqual([started.length, pool.numThreads], [1, 1]);
  });
});

for (const maxThreads of [1, 2]) {
  test(`runSync() while the data of the only thread of ${maxThreads} is read throws`, async () => {
    await withReadings({ maxThreads }, async (pool, onReading) => {
      let thrown;
      onReading(() => {
        assert.equal(pool.numThreads, 1);
        try {
          pool.runSync('within');
        } catch (error) {
          thrown = error;
        }
      });
      await assert.rejects(pool.run('exit'), { code: 'ERR_WORKER_POOL_WORKER_EXIT' });
      assert.equal(await pool.run('next'), 'next');
      assert.equal(thrown.code, 'ERR_WORKER_POOL_DEADLOCK');
      assert.match(thrown.message, /are being made/);
      assert.ok(thrown.stack.includes(__filename), thrown.stack);
    });
  });
}

test('runSync() while the data of a thread is read for a task has another one made', async () => {
  await withReadings({ minThreads: 0, maxThreads: 2 }, async (pool, onReading) => {
    let within;
    onReading(() => {
      within = pool.runSync('within');
    });
    assert.equal(await pool.run('task'), 'task');
    assert.equal(within, 'within');
  });
});

test('tasks fail as always though Error.prepareStackTrace() throws', async (t) => {
  const { prepareStackTrace } = Error;
  t.after(() => {
    Error.prepareStackTrace = prepareStackTrace;
  });
  await withPool([1, () => new Promise(() => {})], async (pool) => {
    const controller = new AbortController();
    const values = pool.stream(0, { signal: controller.signal });
    const ends = [
      values.next(),
      pool.run(0),
      pool.map([0]).next(),
      new Promise((_, reject) => pool.runTask(0, reject)),
    ];
    const codes = Promise.all(ends.map((end) => end.catch(({ code }) => code)));
    Error.prepareStackTrace = () => {
      throw new Error('of the program');
    };
    controller.abort();
    await turns();
    await pool.close();
    Error.prepareStackTrace = prepareStackTrace;
    const closed = 'ERR_WORKER_POOL_CLOSED';
    assert.deepEqual(await codes, ['ABORT_ERR', closed, closed, closed]);
  });
});
