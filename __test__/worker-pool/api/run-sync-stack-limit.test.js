'use strict';

// runSync() near the stack limit: what it reads meanwhile fails neither it nor other tasks, in every
// engine's words for a stack that is used up.

const assert = require('node:assert/strict');
const { nearTheLimit } = require('../../helpers/near-stack-limit.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const LEVELS = 100; // to read the result takes more of the stack than the rest

function nested(levels) {
  let value = 'innermost';
  for (let i = 0; i < levels; i++) value = { value };
  return value;
}

test('a result that the stack is too small for is read later', async () => {
  const thrown = [];
  const promises = [];
  await withPool([1, nested], async (pool) => {
    await pool.ready();
    const submit = () => {
      try {
        promises.push(pool.run(LEVELS));
        pool.runSync(LEVELS);
      } catch (error) {
        thrown.push(error);
      }
    };
    submit(); // to compile a function takes much of the stack, too
    for (let args = 0; args < 6; args++) nearTheLimit(submit, { depths: 400, args });
    for (const { status, value, reason } of await Promise.allSettled(promises)) {
      if (status === 'fulfilled') assert.deepEqual(value, nested(LEVELS));
      else thrown.push(reason);
    }
  });
  assert.deepEqual([...new Set(thrown.map(({ code, name }) => code ?? name))], ['RangeError']);
});
