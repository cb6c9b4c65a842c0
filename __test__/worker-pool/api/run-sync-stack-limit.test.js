'use strict';

// runSync() near the stack limit: what it reads meanwhile fails neither it nor other tasks, in every
// engine's words for a stack that is used up.

const assert = require('node:assert/strict');
const { nearTheLimit } = require('../../helpers/near-stack-limit.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const LEVELS = 60; // to read a value takes more of the stack than the rest

function nested() {
  let value = 'innermost';
  for (let i = 0; i < LEVELS; i++) value = { value };
  return value;
}

test('a result that the stack is too small for is read later', async () => {
  const thrown = [];
  const promises = [];
  const submit = (pool) => {
    try {
      promises.push(pool.run(nested()));
      pool.runSync(nested());
    } catch (error) {
      thrown.push(error);
    }
  };
  for (let args = 0; args < 6; args++) {
    await withPool([1, fixture('function-echo.js')], async (pool) => {
      await pool.ready();
      const action = () => submit(pool);
      action(); // to compile a function takes much of the stack, too
      nearTheLimit(action, { depths: 300, args });
      for (const { status, value, reason } of await Promise.allSettled(promises.splice(0))) {
        if (status === 'fulfilled') assert.deepEqual(value, nested());
        else thrown.push(reason);
      }
    });
  }
  assert.deepEqual([...new Set(thrown.map(({ code, name }) => code ?? name))], ['RangeError']);
});
