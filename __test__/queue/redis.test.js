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

  it('a task that Redis does not confirm in time is taken back if Redis has it', async (t) => {
    const redis = await startRedis();
    const pool = new QueuePool('late', { connection: redis.url, submitTimeout: 500 });
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
