'use strict';

// The native processor `primes`: how many prime numbers there are up to a limit.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { SMALL, PRIMES_OF_SMALL, progressOf } = require('../../helpers/primes.js');

const test = poolSuite(__filename);
const native = { native: 'primes' };

test('primes are counted, in any order of limits', async () => {
  await withPool([2, native], async (pool) => {
    const known = [
      [0, 0],
      [-0, 0],
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 2],
      [100, 25],
      [1e6, 78_498],
      [1e7, 664_579],
      [SMALL, PRIMES_OF_SMALL],
    ];
    const found = await Promise.all(known.map(([limit]) => pool.run({ limit, other: 'key' })));
    assert.deepEqual(
      found,
      known.map(([, primes]) => primes),
    );
  });
});

test('progress is a fraction that grows to 1', async () => {
  await withPool([1, native], async (pool) => {
    for (const limit of [0, 1, 2, 300_000, SMALL]) {
      const values = [];
      await pool.run({ limit }, { onProgress: (value) => values.push(value) });
      assert.deepEqual(values, progressOf(limit));
    }
  });
});

for (const [title, task, received] of [
  ['nothing', undefined, 'undefined'],
  ['a number', 5, 'a number'],
  ['no limit', {}, 'undefined'],
  ['a string', { limit: '5' }, 'a string'],
  ['a bigint', { limit: 5n }, 'a BigInt'],
  ['a fraction', { limit: 0.5 }, '0.5'],
  ['a negative number', { limit: -1 }, '-1'],
  ['too large a number', { limit: 1e12 + 1 }, '1000000000001'],
  ['no number', { limit: NaN }, 'NaN'],
]) {
  test(`a bad task is refused, and the message says why: ${title}`, async () => {
    await withPool([1, native], async (pool) => {
      const [err, result] = await outcomeOf(pool, task);
      assert.equal(result, null);
      assert.equal(err.code, 'ERR_WORKER_POOL_NATIVE_TASK');
      assert.match(err.message, /^the native processor 'primes' expected /);
      assert.ok(err.message.endsWith(`received ${received}`), err.message);
      assert.equal(await pool.run({ limit: 10 }), 4);
    });
  });
}
