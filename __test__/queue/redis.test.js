'use strict';

// Redis that is not there: an error with a code for what it has not confirmed, and patience for what
// it has.

const { describe, it, after } = require('node:test');
const assert = require('node:assert/strict');
const { QueuePool } = require('../../bullmq.js');
const { freePort } = require('../ecosystem/services/service.js');
const { Redis } = require('./helpers/redis.js');
const { serve } = require('./helpers/server.js');
const { QueueEvents } = require('./node_modules/bullmq');
const { Redis: IORedis } = require('./node_modules/ioredis');

describe('Redis is away', () => {
  const startRedis = Redis.starter(after);

  it('from the beginning: tasks fail with a code, and close() ends', async () => {
    const errors = [];
    const pool = new QueuePool('away', {
      connection: { host: '127.0.0.1', port: await freePort() },
      submitTimeout: 300,
    });
    pool.on('error', (error) => errors.push(error.code));
    const error = await pool.run({}).catch((e) => e);
    assert.equal(error.code, 'ERR_QUEUE_POOL_REDIS');
    assert.equal(error.cause.code, 'ECONNREFUSED');
    assert.match(error.message, /within 300 ms/);
    assert.ok(errors.includes('ECONNREFUSED'));
    const waiting = pool.run({});
    const closing = pool.close();
    await assert.rejects(waiting, { code: 'ERR_QUEUE_POOL_CLOSED' });
    await closing;
  });

  it('for a while: what it has confirmed is done when it is back', async (t) => {
    const redis = await startRedis();
    const pool = new QueuePool('away', { connection: redis.url, submitTimeout: 60_000 });
    t.after(() => pool.close());
    const options = ['--threads', '1', '--lock', '1000'];
    const server = await serve(t, { queue: 'away', redis, options });
    assert.equal(await pool.run({ act: 'echo', value: 'before' }), 'before');
    await redis.kill();
    await server.event('redis');
    const meanwhile = [1, 2, 3].map((value) => pool.run({ act: 'echo', value }));
    await redis.again();
    assert.deepEqual(await Promise.all(meanwhile), [1, 2, 3]);
  });

  /** A client of its own, which tells Redis what to be. */
  function administrator(t, redis) {
    const client = new IORedis(redis.url);
    t.after(() => client.disconnect());
    return client;
  }

  it('as a replica, until it is the main one: what is submitted meanwhile is done then', async (t) => {
    const redis = await startRedis();
    const pool = new QueuePool('replica', { connection: redis.url, submitTimeout: 60_000 });
    t.after(() => pool.close());
    const server = await serve(t, { queue: 'replica', redis });
    assert.equal(await pool.run({ act: 'echo', value: 'before' }), 'before');
    server.child.kill('SIGTERM');
    await server.ended;
    const client = administrator(t, redis);
    const refusals = async () => {
      const [, count] =
        /errorstat_READONLY:count=(\d+)/.exec(await client.info('errorstats')) ?? [];
      return Number(count ?? 0);
    };
    await client.replicaof('127.0.0.1', await freePort());
    const before = await refusals();
    const meanwhile = [1, 2, 3].map((value) => pool.run({ act: 'echo', value }));
    // It has refused them, and refused them again.
    while (pool.queueSize === 3 && (await refusals()) < before + 2);
    assert.equal(pool.queueSize, 3);
    await client.replicaof('no', 'one');
    await serve(t, { queue: 'replica', redis });
    assert.deepEqual(await Promise.all(meanwhile), [1, 2, 3]);
  });

  it('full: a task that it refuses fails at once, with its reason, and others go on', async (t) => {
    const redis = await startRedis();
    const pool = new QueuePool('full', { connection: redis.url, submitTimeout: 60_000 });
    t.after(() => pool.close());
    await serve(t, { queue: 'full', redis });
    assert.equal(await pool.run({ act: 'echo', value: 'before' }), 'before');
    const client = administrator(t, redis);
    await client.config('SET', 'maxmemory', '1');
    const refused = [1, 2].map((value) =>
      assert.rejects(pool.run({ act: 'echo', value }), (error) => {
        assert.equal(error.code, 'ERR_QUEUE_POOL_REDIS');
        assert.match(error.message, /^Redis has refused the task: OOM /);
        assert.equal(error.cause.name, 'ReplyError');
        return true;
      }),
    );
    await Promise.all(refused);
    assert.deepEqual([pool.failed, pool.queueSize], [2, 0]);
    await client.config('SET', 'maxmemory', '0');
    assert.equal(await pool.run({ act: 'echo', value: 'after' }), 'after');
  });

  it('not, but the program does nothing until the time is over', async (t) => {
    const redis = await startRedis();
    const pool = new QueuePool('blocked', { connection: redis.url, submitTimeout: 3000 });
    t.after(() => pool.close());
    await serve(t, { queue: 'blocked', redis });
    assert.equal(await pool.run({ act: 'echo', value: 'before' }), 'before');
    const task = pool.run({ act: 'echo', value: 'confirmed' });
    await new Promise(setImmediate); // it is on its way
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
    assert.equal(await task, 'confirmed');
  });

  it('a task that Redis does not confirm in time is taken back if Redis has it', async (t) => {
    const redis = await startRedis();
    const pool = new QueuePool('late', { connection: redis.url, submitTimeout: 3000 });
    t.after(() => pool.close());
    const server = await serve(t, { queue: 'late', redis });
    assert.equal(await pool.run({ act: 'echo', value: 'before' }), 'before');
    server.child.kill('SIGTERM');
    await server.ended;
    await redis.kill();
    await assert.rejects(pool.run({ act: 'echo' }), { code: 'ERR_QUEUE_POOL_REDIS' });
    await redis.again();
    const events = new QueueEvents('late', { connection: redis.connection, lastEventId: '0' });
    t.after(() => events.close());
    const { jobId } = await new Promise((resolve) => {
      events.once('removed', resolve);
    });
    assert.match(jobId, /-2$/); // the second task of the pool
  });
});
