'use strict';

// taskInfo(): what a listener of parentPort knows of its task. Its message is the task alone.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { AsyncLocalStorage, WorkerPool } = require('../../../index.js');
const { taskInfo } = require('../../../worker-pool.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, outcomeOf, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('docs-task-info.js');
const GRACE = 60_000;

for (const how of ['on', 'onmessage', 'addEventListener']) {
  test(`each task has an id of its own, and its attempt: ${how}`, () =>
    withPool([2, file, { workerData: { how } }], async (pool) => {
      const count = 50;
      const infos = await Promise.all(
        Array.from({ length: count }, () => pool.run({ action: 'info' })),
      );
      assert.equal(new Set(infos.map(({ id }) => id)).size, count);
      for (const { id, ...rest } of infos) {
        assert.match(id, /^\d+-\d+$/);
        assert.deepEqual(rest, { attempt: 1, name: 'default', aborted: false, isSame: true });
      }
      const again = await pool.run({ action: 'info' }, { attempt: 3 });
      assert.equal(again.attempt, 3);
      assert.equal((await pool.run({ action: 'info' })).attempt, 1);
    }));
}

test('there is none before a task, after its reply, and elsewhere', async () => {
  await withPool([1, file], async (pool) => {
    await pool.run({ action: 'info' });
    assert.deepEqual(await pool.run({ action: 'outside' }), [true, true]);
  });
  await withPool([1, fixture('function-info.js')], async (pool) => {
    assert.equal(await pool.run({ action: 'ofListeners' }), undefined);
  });
  assert.equal(taskInfo(), undefined);
  assert.equal(WorkerPool.taskInfo, taskInfo);
  const worker = new Worker(file);
  worker.postMessage({ action: 'isKnown' });
  assert.deepEqual(await once(worker, 'message'), [false]);
  await worker.terminate();
});

test('progress: in order, before the result, in the scope of the submission, of this task', () =>
  withPool([1, file], async (pool) => {
    const storage = new AsyncLocalStorage();
    const told = [];
    const onProgress = (value) => told.push([value, storage.getStore()]);
    await storage.run('submission', async () => {
      const values = [{ i: 1 }, { i: 2 }];
      assert.equal(await pool.run({ action: 'progress', value: values }, { onProgress }), 2);
    });
    assert.deepEqual(told.splice(0), [
      [{ i: 1 }, 'submission'],
      [{ i: 2 }, 'submission'],
    ]);
    assert.equal(await pool.run({ action: 'progress', value: [1] }), 1);
    await pool.run({ action: 'keep' }, { onProgress });
    await pool.run({ action: 'afterEnd' }, { onProgress });
    assert.deepEqual(told, [['of this one', undefined]]);
  }));

for (const action of ['wait', 'spin']) {
  test(`a listener that hears of the abort keeps its thread: ${action}`, () => {
    const cells = new Int32Array(new SharedArrayBuffer(8));
    const options = { abortGrace: GRACE, workerData: { cells } };
    return withPool([1, file, options], async (pool) => {
      const thread = await pool.run({ action: 'thread' });
      const controller = new AbortController();
      const aborted = outcomeOf(pool, { action }, { signal: controller.signal });
      await until(() => Atomics.load(cells, 0) === 2);
      controller.abort();
      assert.equal((await aborted)[0].code, 'ABORT_ERR');
      const ofAbort = { code: 'ABORT_ERR', name: 'AbortError' };
      assert.deepEqual(await pool.run({ action: 'reason' }), [thread, ofAbort]);
      await assert.rejects(pool.run({ action }, { timeout: 10 }), { name: 'TimeoutError' });
      const ofTimeout = { code: 'ERR_WORKER_POOL_TASK_TIMEOUT', name: 'TimeoutError' };
      assert.deepEqual(await pool.run({ action: 'reason' }), [thread, ofTimeout]);
      assert.equal((await pool.run({ action: 'info' })).aborted, false);
    });
  });
}

test('a listener that asks after the abort finds it', () => {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  return withPool([1, file, { abortGrace: GRACE, workerData: { cells } }], async (pool) => {
    const controller = new AbortController();
    const aborted = outcomeOf(pool, { action: 'hold' }, { signal: controller.signal });
    await until(() => Atomics.load(cells, 0) === 1);
    controller.abort();
    await aborted;
    Atomics.store(cells, 1, 1);
    const [, reason] = await pool.run({ action: 'reason' });
    assert.equal(reason.code, 'ABORT_ERR');
  });
});
