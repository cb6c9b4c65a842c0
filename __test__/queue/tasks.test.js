'use strict';

// The life of a task: its scope, order, retries, abort, and the end of its pool.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { Gate } = require('./helpers/gate.js');
const { suite } = require('./helpers/suite.js');
const { Queue } = require('./node_modules/bullmq');

const once = (pool, event) =>
  new Promise((resolve) => {
    pool.once(event, resolve);
  });

describe('tasks over a queue', () => {
  const queue = suite();

  /** BullMQ's own view of a pool's queue. */
  function inspect(t, pool) {
    const own = new Queue(pool.name, { connection: queue.redis.connection });
    t.after(() => own.close());
    return own;
  }

  it('promises and callbacks settle in the scope of the submission', async (t) => {
    const storage = new AsyncLocalStorage();
    const pool = queue.pool(t);
    await queue.serve(t, pool);
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        storage.run(i, async () => {
          const called = new Promise((resolve) => {
            pool.runTask({ act: 'echo', value: i }, (err, result) => {
              resolve([err, result, storage.getStore()]);
            });
          });
          const result = await pool.run({ act: 'echo', value: i });
          return [result, storage.getStore(), await called];
        }),
      ),
    );
    assert.deepEqual(
      seen,
      seen.map((_, i) => [i, i, [null, i, i]]),
    );
    assert.deepEqual([pool.completed, pool.failed, pool.queueSize, pool.running], [40, 0, 0, 0]);
  });

  it('what a callback throws is an uncaught exception, and others go on', async (t) => {
    const pool = queue.pool(t);
    await queue.serve(t, pool);
    const uncaught = new Promise((resolve) => {
      process.setUncaughtExceptionCaptureCallback(resolve);
    });
    t.after(() => process.setUncaughtExceptionCaptureCallback(null));
    pool.runTask({ act: 'echo', value: 1 }, () => {
      throw new Error('of the callback');
    });
    assert.equal((await uncaught).message, 'of the callback');
    assert.equal(await pool.run({ act: 'echo', value: 2 }), 2);
  });

  it('a higher priority starts first, equal ones in the order of submission', async (t) => {
    const pool = queue.pool(t);
    const order = [];
    const tasks = [0, -5, 100, 0, 7, -100, 7].map((priority, i) =>
      pool.run({ act: 'echo', value: i }, { priority }).then((value) => order.push(value)),
    );
    await submitted(inspect(t, pool), tasks.length);
    await queue.serve(t, pool, { options: ['--threads', '1', '--concurrency', '1'] });
    await Promise.all(tasks);
    assert.deepEqual(order, [2, 4, 6, 0, 3, 1, 5]);
  });

  /** Fulfilled when Redis has as many jobs that wait. */
  async function submitted(own, count) {
    while ((await own.getJobCountByTypes('prioritized', 'waiting')) < count);
  }

  it('retries and their delays are those of BullMQ', async (t) => {
    const jobs = { attempts: 3, backoff: { type: 'fixed', delay: 10 } };
    const pool = queue.pool(t, { jobs });
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    assert.equal(await pool.run({ act: 'retried', name: 'twice', times: 2 }), 3);
    await assert.rejects(pool.run({ act: 'retried', name: 'always', times: 9 }), {
      message: 'attempt 3',
    });
    assert.equal(await pool.run({ act: 'attempt', until: 3 }), 3);
  });

  it('an abort takes a waiting task out of the queue', async (t) => {
    const pool = queue.pool(t);
    const own = inspect(t, pool);
    const reason = new Error('nobody waits');
    await assert.rejects(pool.run({ act: 'echo' }, { signal: AbortSignal.abort(reason) }), {
      name: 'AbortError',
      code: 'ABORT_ERR',
      cause: reason,
    });
    const controller = new AbortController();
    const task = pool.run({ act: 'say', text: 'aborted' }, { signal: controller.signal });
    await submitted(own, 1);
    controller.abort(reason);
    await assert.rejects(task, { name: 'AbortError', cause: reason });
    const server = await queue.serve(t, pool);
    assert.equal(await pool.run({ act: 'say', text: 'the next one' }), 'the next one');
    await server.stdout.find((line) => line === 'the next one');
    assert.deepEqual(server.stdout.all, ['the next one']);
  });

  it('an abort stops the thread of a running task, which is not tried again', async (t) => {
    const gate = await Gate.open(t);
    const pool = queue.pool(t, { jobs: { attempts: 5 } });
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    const controller = new AbortController();
    const task = pool.run(
      { act: 'hold', port: gate.port, name: 'held' },
      { signal: controller.signal },
    );
    await gate.arrival('held');
    controller.abort();
    await assert.rejects(task, { name: 'AbortError' });
    await gate.gone('held');
    assert.equal(await pool.run({ act: 'echo', value: 'free' }), 'free');
  });

  it('drain() waits for what was submitted before; the event comes after the last one', async (t) => {
    const pool = queue.pool(t);
    await queue.serve(t, pool);
    const drained = once(pool, 'drain');
    const settled = [];
    for (let i = 0; i < 10; i++) {
      pool.run({ act: i === 3 ? 'fail' : 'echo', value: i }).then(
        () => settled.push(i),
        () => settled.push(i),
      );
    }
    await pool.drain();
    assert.equal(settled.length, 10);
    await drained;
    await pool.drain();
  });

  it('close() fails what is outstanding, and takes it back', async (t) => {
    const gate = await Gate.open(t);
    const pool = queue.pool(t);
    const own = inspect(t, pool);
    await queue.serve(t, pool, { options: ['--threads', '1', '--concurrency', '1'] });
    const tasks = ['first', 'second'].map((name) =>
      pool.run({ act: 'hold', port: gate.port, name }),
    );
    await gate.arrival('first');
    await submitted(own, 1);
    const closing = pool.close();
    assert.equal(pool.close(), closing);
    for (const task of tasks) await assert.rejects(task, { code: 'ERR_QUEUE_POOL_CLOSED' });
    await closing;
    await assert.rejects(pool.run({ act: 'echo' }), { code: 'ERR_QUEUE_POOL_CLOSED' });
    await gate.gone('first');
    assert.equal(await own.getJobCountByTypes('prioritized', 'waiting'), 0);
  });

  it('a task whose job is removed by somebody else fails', async (t) => {
    const pool = queue.pool(t);
    const own = inspect(t, pool);
    const task = pool.run({ act: 'echo' });
    await submitted(own, 1);
    const [job] = await own.getJobs(['prioritized']);
    await job.remove();
    await assert.rejects(task, { code: 'ERR_QUEUE_POOL_LOST' });
  });

  it('a job that is none of ours fails, and says so', async (t) => {
    const pool = queue.pool(t);
    const own = inspect(t, pool);
    await queue.serve(t, pool);
    const job = await own.add('theirs', { some: 'data' });
    assert.equal(await pool.run({ act: 'echo', value: 'after it' }), 'after it');
    const { failedReason } = await own.getJob(job.id);
    assert.match(failedReason, /^The task cannot be read: expected it to be written by /);
  });
});
