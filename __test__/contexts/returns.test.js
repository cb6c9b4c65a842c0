'use strict';

// `returns`: what a task changes in its store comes back to the store of its submission.

const assert = require('node:assert/strict');
const path = require('node:path');
const { storageFor } = require('../../contexts.js');
const { poolSuite } = require('../helpers/pool-suite.js');
const { outcomeOf, withPool } = require('../helpers/with-pool.js');

const test = poolSuite(__filename);
const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'contexts', name);
const costs = storageFor('test.costs');

const merge = (original, returned) => {
  original.total += returned.added;
};
const contexts = [{ storage: costs, merge, returns: true }];
const started = () => ({ total: 0 });

for (const processor of ['returns.js', 'docs-returns.js']) {
  test(`${processor}: changes are there before the result is told`, async () => {
    await withPool([2, fixture(processor), { contexts }], async (pool) => {
      const one = started();
      const other = started();
      const both = costs.run(one, () => [
        pool.run({ cost: 3 }),
        costs.run(other, () => pool.run({ cost: 5 })),
      ]);
      assert.equal(await both[0], 3);
      assert.deepEqual(one, { total: 3 });
      assert.equal(await both[1], 5);
      assert.deepEqual(other, { total: 5 });
      const [err, result] = await costs.run(one, () => outcomeOf(pool, { cost: 2 }));
      assert.deepEqual([err, result], [null, 5]);
    });
  });
}

test('many tasks of one store, whatever their order', async () => {
  await withPool([2, fixture('returns.js'), { contexts }], async (pool) => {
    const store = started();
    await costs.run(store, () =>
      Promise.all(Array.from({ length: 50 }, (_, i) => pool.run({ cost: i }))),
    );
    assert.equal(store.total, (49 * 50) / 2);
  });
});

test('equal stores are not the same store', async () => {
  await withPool([1, fixture('returns.js'), { contexts }], async (pool) => {
    const stores = [started(), started()];
    await Promise.all(stores.map((store, i) => costs.run(store, () => pool.run({ cost: i + 1 }))));
    assert.deepEqual(
      stores.map(({ total }) => total),
      [1, 2],
    );
  });
});

test('by port, and without a store', async () => {
  await withPool([1, fixture('docs-returns.js'), { contexts }], async (pool) => {
    const store = started();
    const [result, moved] = await costs.run(store, () => pool.run({ cost: 4, byPort: true }));
    assert.deepEqual([result, moved.byteLength, store.total], [4, 8, 4]);
    assert.equal(await pool.run({ cost: 4 }), 'no store');
  });
});

test('a task that fails brings nothing back', async () => {
  await withPool([1, fixture('returns.js'), { contexts }], async (pool) => {
    const store = started();
    const failed = costs.run(store, () => pool.run({ cost: 4, fail: true }));
    await assert.rejects(failed, { message: 'failed' });
    assert.deepEqual(store, started());
  });
});

test('what merge() throws is the error of the task', async () => {
  const storage = storageFor('test.costs.throws', {
    merge() {
      throw new RangeError('not merged');
    },
  });
  const processor = fixture('function-stores.js');
  const options = { contexts: [{ storage, returns: true }] };
  await withPool([1, processor, options], async (pool) => {
    const task = { names: ['test.costs.throws'] };
    const failed = storage.run('store', () => pool.run(task));
    await assert.rejects(failed, { name: 'RangeError', message: 'not merged' });
    assert.deepEqual(await pool.run(task), [undefined]);
    assert.deepEqual([pool.completed, pool.failed], [1, 1]);
  });
});
