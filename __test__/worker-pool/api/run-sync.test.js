'use strict';

// pool.runSync(): the result of a task, for which the thread waits. What other tasks get comes
// afterwards, and whatever happens to threads meanwhile, the wait ends.

const assert = require('node:assert/strict');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { Worker } = require('node:worker_threads');
const { AsyncLocalStorage, WorkerPool } = require('../../../index.js');
const { storageFor } = require('async-hooks-rs/contexts');
const { Gate } = require('../../helpers/pool-gate.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { errorOf } = require('../../helpers/thrown.js');
const { fixture, turns, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('run-sync-actions.js');
const NATIVE = { native: 'add' };

test('the result, also of the first call and without a turn of the event loop', () =>
  withPool([2, file, { minThreads: 0 }], async (pool) => {
    for (let i = 0; i < 100; i++) assert.equal(pool.runSync(i), i);
    assert.deepEqual(pool.runSync({ list: [1n, new Map([[1, 2]])] }), {
      list: [1n, new Map([[1, 2]])],
    });
    assert.equal(pool.runSync('a', { export: 'later', priority: 3, timeout: 20_000 }), 'a');
    assert.equal(pool.runSync(null, { export: 'attempts', attempt: 2 }), 2);
    const large = new Uint8Array(1e6).fill(9);
    assert.deepEqual(pool.runSync(large), large);
    assert.deepEqual([pool.completed, pool.failed, pool.running, pool.queueSize], [104, 0, 0, 0]);
    let drained = 0;
    pool.on('drain', () => drained++);
    await turns();
    assert.equal(drained, 1);
  }));

test('what only a port carries, and errors as those of run()', () =>
  withPool([1, file], (pool) => {
    const shared = new SharedArrayBuffer(8);
    assert.equal(new Int32Array(pool.runSync(shared, { export: 'fills' }))[1], 7);
    assert.deepEqual([...new Int32Array(shared)], [7, 7]);
    const { buffer } = new Uint8Array([5]);
    assert.deepEqual(pool.runSync(buffer, { transferList: [buffer] }).byteLength, 1);
    assert.equal(buffer.byteLength, 0);
    assert.deepEqual(pool.runSync(3, { export: 'moves' }), new Uint8Array([3, 3, 3]));
    assert.equal(errorOf(() => pool.runSync(() => {})).code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
    const task = { message: 'expected', code: 'ERR_OWN' };
    const error = errorOf(() => pool.runSync(task, { export: 'fails' }));
    assert.ok(error instanceof RangeError);
    assert.deepEqual([error.message, error.code], ['expected', 'ERR_OWN']);
    assert.match(error.stack, /run-sync-actions\.js/);
    assert.equal(
      errorOf(() => pool.runSync(undefined, { export: 'rejects' })),
      undefined,
    );
    const late = errorOf(function userFunction() {
      pool.runSync(1, { export: 'loops', timeout: 20 });
    });
    assert.deepEqual([late.name, late.code], ['TimeoutError', 'ERR_WORKER_POOL_TASK_TIMEOUT']);
    assert.match(
      late.stack,
      /^\w*Error \[ERR_WORKER_POOL_TASK_TIMEOUT\]: .* 20 ms .*\n {4}at userFunction /,
    );
    assert.equal(pool.runSync('next'), 'next');
    const unknown = errorOf(() => pool.runSync(1, { export: 'nothing' }));
    assert.equal(unknown.code, 'ERR_WORKER_POOL_EXPORT_UNKNOWN');
  }));

test('a native processor, and one in the form of the documentation', async () => {
  await withPool([1, NATIVE], (pool) => {
    assert.equal(pool.runSync({ a: 42, b: 100 }), 142);
    const error = errorOf(function userFunction() {
      pool.runSync('no sum');
    });
    assert.equal(error.code, 'ERR_WORKER_POOL_NATIVE_TASK');
    assert.match(error.stack, /\n {4}at userFunction /);
  });
  await withPool([1, fixture('docs-task-processor.js')], (pool) => {
    assert.equal(pool.runSync({ a: 42, b: 100 }), 142);
  });
});

test('other tasks go on, and are told in order, in their scopes, when the event loop turns', () =>
  withPool([2, file, { workerData: new Gate().workerData }], async (pool) => {
    const storage = new AsyncLocalStorage();
    const told = [];
    const tell = (error, result) => told.push([error, result, storage.getStore()]);
    const shared = new SharedArrayBuffer(4);
    storage.run('one', () => {
      pool.runTask(1, { export: 'gated' }, tell);
      pool.runTask(shared, { export: 'fills' }, (error, { byteLength }) => tell(error, byteLength));
      pool.runTask(null, { export: 'rejects' }, (error) => tell(error.code, null));
      for (let i = 2; i < 50; i++) pool.runTask(i, tell);
    });
    assert.equal(
      storage.run('two', () => pool.runSync('own')),
      'own',
    );
    assert.equal(pool.runSync(shared, { export: 'fills' }).byteLength, 4);
    pool.runSync(null, { export: 'open' });
    pool.runSync('after');
    assert.deepEqual(told, []);
    await pool.drain();
    const others = told.filter(([, result]) => result !== 1);
    assert.deepEqual(others[0], [null, 4, 'one']);
    assert.deepEqual(others[1], ['ERR_WORKER_POOL_TASK_THREW_NOTHING', null, 'one']);
    assert.deepEqual(
      others.slice(2).map(([, result]) => result),
      Array.from({ length: 48 }, (_, i) => i + 2),
    );
    assert.deepEqual([told.length, pool.completed, pool.failed], [51, 54, 1]);
  }));

test('what ends when the event loop has turned since is heard, too', () => {
  const gate = new Gate();
  return withPool([2, file, { workerData: gate.workerData }], async (pool) => {
    const gated = pool.run(1, { export: 'gated' });
    assert.equal(pool.runSync('own'), 'own');
    await turns();
    gate.open();
    assert.equal(await gated, 1);
  });
});

test('the tasks of its key that were submitted before run first', () =>
  withPool([2, file, { workerData: new Gate().workerData }], async (pool) => {
    const told = [];
    const submit = (options) =>
      pool.runTask(null, { export: 'turn', ...options }, (_, turn) => told.push(turn));
    for (let i = 0; i < 5; i++) submit({ key: 'one' });
    submit({ key: 'other', priority: -1 });
    assert.ok(pool.runSync(null, { export: 'turn', key: 'one' }) >= 5);
    assert.deepEqual(told, []);
    await pool.drain();
    assert.equal(new Set(told).size, 6);
    // Also of the key whose task is being told.
    const inner = new Promise((resolve) => {
      pool.runTask(null, { export: 'turn', key: 'one' }, (_, turn) => {
        submit({ key: 'one' });
        resolve([turn, pool.runSync(null, { export: 'turn', key: 'one' })]);
      });
    });
    assert.deepEqual(await inner, [7, 9]);
  }));

test('in a callback of the pool: the results behind it keep their order', () =>
  withPool([1, file], async (pool) => {
    const told = [];
    const count = 200;
    for (let i = 0; i < count; i++) {
      pool.runTask(i, (_, result) => {
        if (result % 50 === 0) told.push(pool.runSync(`in ${result}`));
        told.push(result);
      });
    }
    await pool.drain();
    assert.deepEqual(
      told,
      Array.from({ length: count }, (_, i) => (i % 50 === 0 ? [`in ${i}`, i] : [i])).flat(),
    );
  }));

test('a thread that ends fails its task, and is replaced at once', () =>
  withPool([1, file], async (pool) => {
    const ended = [];
    pool.on('workerDestroy', (id) => ended.push(id));
    const exited = errorOf(() => pool.runSync(3, { export: 'exits' }));
    assert.deepEqual([exited.code, exited.exitCode], ['ERR_WORKER_POOL_WORKER_EXIT', 3]);
    assert.equal(pool.runSync(1), 1);
    const outside = errorOf(() => pool.runSync(null, { export: 'ends' }));
    assert.ok(outside instanceof RangeError);
    assert.equal(outside.message, 'outside');
    assert.equal(pool.runSync(2), 2);
    const other = pool.run(5, { export: 'exits' });
    other.catch(() => {});
    assert.equal(pool.runSync('own'), 'own');
    await assert.rejects(other, { code: 'ERR_WORKER_POOL_WORKER_EXIT', exitCode: 5 });
    await until(() => ended.length === 3);
    assert.deepEqual([pool.numThreads, pool.failed], [1, 3]);
  }));

for (const abortGrace of [0, 30]) {
  test(`a task that times out gives way, with abortGrace ${abortGrace}`, () =>
    withPool([1, file, { abortGrace }], async (pool) => {
      const other = pool.run(1, { export: 'loops', timeout: 20, key: 'one' });
      other.catch(() => {});
      assert.equal(pool.runSync('own'), 'own');
      assert.equal(pool.runSync('key', { key: 'one' }), 'key');
      await assert.rejects(other, { code: 'ERR_WORKER_POOL_TASK_TIMEOUT' });
      assert.equal(await pool.run('next'), 'next');
    }));
}

test('a processor that cannot start fails the call with the reason', () =>
  withPool([1, fixture('no-such-file.js')], (pool) => {
    const error = errorOf(() => pool.runSync(1));
    assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
    assert.match(error.cause.message, /no-such-file/);
    assert.equal(errorOf(() => pool.runSync(1)).code, 'ERR_WORKER_POOL_WORKER_START');
  }));

test('among other tasks of one thread, each call has its turn', () =>
  withPool([1, file, { workerData: new Gate().workerData }], async (pool) => {
    const told = [];
    const submit = () => pool.run(null, { export: 'turn' }).then((turn) => told.push(turn));
    const turns = [];
    for (let i = 0; i < 3; i++) {
      submit();
      submit();
      turns.push(pool.runSync(null, { export: 'turn' }));
    }
    submit();
    assert.deepEqual([turns, told], [[2, 5, 8], []]);
    await pool.drain();
    assert.deepEqual(told, [0, 1, 3, 4, 6, 7, 9]);
  }));

test('with a thread for each task', () =>
  withPool([1, file, { isolate: true }], async (pool) => {
    for (let i = 0; i < 2; i++) assert.equal(pool.runSync(i), i);
    assert.equal(await pool.run(2), 2);
  }));

test('contexts travel to the task and back', () => {
  const costs = storageFor('test.costs');
  const merge = (original, returned) => {
    original.total += returned.added;
  };
  const contexts = [{ storage: costs, merge, returns: true }];
  const processor = fixture('../contexts/returns.js');
  return withPool([1, processor, { contexts }], (pool) => {
    const store = { total: 0 };
    assert.equal(
      costs.run(store, () => pool.runSync({ cost: 3 })),
      3,
    );
    assert.deepEqual(store, { total: 3 });
  });
});

test('output of a pool with a stream comes when the event loop turns', () =>
  withPool([1, file, { stdout: 'pipe' }], async (pool) => {
    let printed = '';
    pool.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    assert.equal(pool.runSync('hello', { export: 'prints' }), 'hello');
    assert.equal(printed, '');
    await until(() => printed === 'hello\n');
  }));

test('inherited output is passed on before the call returns', () =>
  withPool([1, file], (pool) => {
    const written = [];
    const { write } = process.stdout;
    process.stdout.write = (chunk) => written.push(`${chunk}`) > 0;
    try {
      assert.equal(pool.runSync('hello', { export: 'prints' }), 'hello');
    } finally {
      process.stdout.write = write;
    }
    assert.deepEqual(written, ['hello\n']);
  }));

test('channels tell of the task', () =>
  withPool([1, file], (pool) => {
    const told = [];
    const listener = ({ waitTime, runTime, error }) =>
      told.push([waitTime >= 0, runTime >= 0, error]);
    subscribe('async-hooks-rs:pool:end', listener);
    try {
      assert.equal(pool.runSync(1), 1);
      assert.equal(
        errorOf(() => pool.runSync('text', { export: 'rejects' })),
        'text',
      );
      assert.equal(errorOf(() => pool.runSync(3, { export: 'exits' })).exitCode, 3);
    } finally {
      unsubscribe('async-hooks-rs:pool:end', listener);
    }
    assert.deepEqual(told.slice(0, 2), [
      [true, true, undefined],
      [true, true, 'text'],
    ]);
    assert.equal(told.length, 3);
  }));

test('what could not be heard or would not end is refused', async () => {
  await withPool([1, file, { maxQueue: 1 }], async (pool) => {
    const refused = [{ signal: AbortSignal.abort() }, { onProgress() {} }, { timeout: 0 }, null];
    assert.deepEqual(
      refused.map((options) => errorOf(() => pool.runSync(1, options)).code),
      ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE'],
    );
    const values = pool.stream(1, { export: 'numbers' });
    assert.deepEqual(await values.next(), { value: 0, done: false });
    const error = errorOf(function userFunction() {
      pool.runSync(1);
    });
    assert.equal(error.code, 'ERR_WORKER_POOL_DEADLOCK');
    assert.match(error.stack, /\n {4}at userFunction /);
    await values.return();
    assert.equal(pool.runSync(1), 1);
  });
  const closed = new WorkerPool(1, NATIVE, { maxQueue: 0 });
  const other = closed.run({ a: 1, b: 1 });
  assert.equal(errorOf(() => closed.runSync({ a: 1, b: 2 })).code, 'ERR_WORKER_POOL_QUEUE_FULL');
  assert.equal(await other, 2);
  const ends = closed.close();
  const error = errorOf(function userFunction() {
    closed.runSync({ a: 1, b: 2 });
  });
  assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
  assert.match(error.stack, /\n {4}at userFunction /);
  await ends;
});

test('a Worker that waits can be terminated', async () => {
  const gate = new Gate();
  const program = `
    const { workerData } = require('node:worker_threads');
    const { WorkerPool } = require(workerData.index);
    new WorkerPool(1, workerData.file, { workerData }).runSync(1, { export: 'gated' });`;
  const workerData = { ...gate.workerData, index: require.resolve('../../../index.js'), file };
  const worker = new Worker(program, { eval: true, workerData });
  const exited = new Promise((resolve) => {
    worker.on('exit', resolve);
  });
  await gate.reached(1);
  await worker.terminate();
  assert.equal(await exited, 1);
  gate.open();
});
