'use strict';

// What fails a task and is no error of its own: servers that die of it, values too large for a job,
// and jobs whose error cannot be read.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { Gate } = require('./helpers/gate.js');
const { suite } = require('./helpers/suite.js');
const { Queue, Worker } = require('./node_modules/bullmq');
const { Redis: IORedis } = require('./node_modules/ioredis');

const LARGEST = 2 ** 28; // bytes of a value in a job

class Box {
  constructor(content) {
    this.content = content;
  }
}

describe('failures of a queue pool', () => {
  const queue = suite();

  /** A worker of somebody else's, which takes the pool's jobs. */
  function foreignWorker(t, pool, processor) {
    const worker = new Worker(pool.name, processor, { connection: queue.redis.connection });
    worker.on('error', () => {}); // Redis may be gone before it is closed
    t.after(() => worker.close(true));
  }

  /** The error of a task, of `run()` and of `runTask()`, which have to be alike. */
  async function errorOf(pool, task) {
    const called = new Promise((resolve) => {
      pool.runTask(task, resolve);
    });
    const [thrown, told] = await Promise.all([pool.run(task).catch((error) => error), called]);
    assert.deepEqual([told?.code, told?.message], [thrown.code, thrown.message]);
    return thrown;
  }

  it('STALLED: a task whose servers die is not tried more often than they say', async (t) => {
    const gate = await Gate.open(t);
    const pool = queue.pool(t);
    const options = ['--threads', '1', '--lock', '500', '--max-stalled', '1'];
    const task = pool.run({ act: 'hold', port: gate.port, name: 'fatal' });
    task.catch(() => {}); // awaited when the servers are dead
    let arrived = 0;
    for (const allowed of [true, true, false]) {
      const server = await queue.serve(t, pool, { options });
      if (!allowed) break;
      await gate.arrival('fatal', ++arrived);
      server.child.kill('SIGKILL');
      await server.ended;
    }
    await assert.rejects(task, {
      name: 'Error',
      code: 'ERR_QUEUE_POOL_STALLED',
      message: /^The servers that ran the task fell silent, more often than they may/,
    });
    assert.deepEqual([pool.failed, pool.queueSize, pool.running], [1, 0, 0]);
    assert.equal(await pool.run({ act: 'echo', value: 'the next one' }), 'the next one');
  });

  it('TOO_LARGE: a task that no job can hold is refused, in each form', async (t) => {
    const pool = queue.pool(t);
    const own = new Queue(pool.name, { connection: queue.redis.connection });
    t.after(() => own.close());
    const forms = {
      'bytes beside the packet': () => new Uint8Array(LARGEST + 1),
      'a packet': () => 'x'.repeat(LARGEST),
      'as v8.serialize() writes it': () => new Box(new Uint8Array(LARGEST)),
    };
    for (const [form, make] of Object.entries(forms)) {
      await assert.rejects(
        pool.run(make()),
        {
          name: 'RangeError',
          code: 'ERR_QUEUE_POOL_TOO_LARGE',
          message: `The task is too large for a job in Redis: expected at most ${LARGEST} bytes`,
        },
        form,
      );
    }
    assert.equal(pool.queueSize, 0);
    assert.equal(await own.getJobCountByTypes('prioritized', 'waiting'), 0);
  });

  it('TOO_LARGE: a result that no job can hold fails the task, and says so', async (t) => {
    const pool = queue.pool(t);
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    await assert.rejects(pool.run({ act: 'bytes', length: LARGEST + 1 }), {
      name: 'RangeError',
      code: 'ERR_QUEUE_POOL_TOO_LARGE',
      message: /^The result is too large/,
    });
    assert.equal(await pool.run({ act: 'echo', value: 'the next one' }), 'the next one');
  });

  it("FAILED: the error of another program's worker is only a reason", async (t) => {
    const pool = queue.pool(t);
    foreignWorker(t, pool, () => Promise.reject(new Error('of another program')));
    const error = await errorOf(pool, {});
    assert.equal(error.code, 'ERR_QUEUE_POOL_FAILED');
    assert.equal(
      error.message,
      'The task failed, and only the reason of its job is known: of another program',
    );
    assert.equal(Object.hasOwn(error, 'cause'), false);
  });

  it('FAILED: an error in a form that this version does not know is the cause', async (t) => {
    const pool = queue.pool(t);
    foreignWorker(t, pool, async () => {
      const error = new Error('of a later version');
      error.stack += `\n    async-hooks-rs:${Buffer.of(250, 1, 2).toString('base64')}`;
      throw error;
    });
    const error = await errorOf(pool, {});
    assert.equal(error.code, 'ERR_QUEUE_POOL_FAILED');
    assert.match(error.message, /: of a later version$/);
    assert.equal(error.cause.code, 'ERR_QUEUE_POOL_UNREADABLE');
    assert.match(error.cause.message, /the format 250 is not known/);
  });

  it('FAILED: a job that is removed as it fails leaves its reason', async (t) => {
    const pool = queue.pool(t, { jobs: { removeOnFail: true } });
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    const error = await errorOf(pool, { act: 'fail', text: 'no such order' });
    assert.equal(error.code, 'ERR_QUEUE_POOL_FAILED');
    assert.match(error.message, /: no such order$/);
  });

  it('FAILED: Redis may refuse to be asked for the job', async (t) => {
    const client = new IORedis(queue.redis.url);
    t.after(() => client.disconnect());
    await client.call('ACL', 'SETUSER', 'blind', 'on', 'nopass', '~*', '&*', '+@all', '-hgetall');
    const connection = { ...queue.redis.connection, username: 'blind', password: 'any' };
    const pool = queue.pool(t, { connection });
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    assert.equal(await pool.run({ act: 'echo', value: 'is told' }), 'is told');
    const error = await errorOf(pool, { act: 'fail', text: 'nobody sees it' });
    assert.equal(error.code, 'ERR_QUEUE_POOL_FAILED');
    assert.match(error.message, /: it cannot be asked for$/);
    assert.match(error.cause.message, /^NOPERM .*hgetall/);
  });

  it("UNREADABLE: the result of another program's worker is none of ours", async (t) => {
    const pool = queue.pool(t);
    foreignWorker(t, pool, async () => ({ some: 'result' }));
    const error = await errorOf(pool, {});
    assert.equal(error.code, 'ERR_QUEUE_POOL_UNREADABLE');
    assert.match(error.message, /^The result cannot be read: expected it to be written by /);
  });
});
