'use strict';

// What the tests of a file share: one redis-server, and a queue and a pool of its own for each test.

const { after, before } = require('node:test');
const { QueuePool } = require('../../../bullmq.js');
const { Redis } = require('./redis.js');
const { serve } = require('./server.js');

/** Starts Redis before the tests of the file; the functions are for one test each. */
function suite() {
  const shared = { redis: undefined };
  let count = 0;
  const start = Redis.starter(after);
  before(async () => {
    shared.redis = await start();
  });
  return {
    get redis() {
      return shared.redis;
    },
    /** A pool, closed after the test. */
    pool(test, options = {}, queue = `queue-${++count}`) {
      const pool = new QueuePool(queue, { connection: shared.redis.connection, ...options });
      test.after(() => pool.close());
      return pool;
    },
    /** A server of the pool's queue. */
    serve: (test, pool, options = {}) =>
      serve(test, { queue: pool.name, redis: shared.redis, ...options }),
  };
}

module.exports = { suite };
