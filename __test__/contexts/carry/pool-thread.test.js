'use strict';

// carry() in the threads of a pool, whose ports are the pool's.

const assert = require('node:assert/strict');
const { fixture } = require('../../helpers/carrying.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

test('the port of a thread of a pool is refused', async () => {
  const failure = await withPool([1, fixture('in-pool.js')], (pool) => pool.run(null));
  assert.equal(failure.code, 'ERR_INVALID_ARG_TYPE');
  assert.match(failure.message, /must be a port that is not a WorkerPool's, which has an option/);
});
