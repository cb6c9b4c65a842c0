'use strict';

// Nothing of a context is held after its task, on either side.

const assert = require('node:assert/strict');
const path = require('node:path');
const { storageFor } = require('../../contexts.js');
const { collectUntil } = require('../helpers/gc.js');
const { poolSuite } = require('../helpers/pool-suite.js');
const { withPool } = require('../helpers/with-pool.js');

const test = poolSuite(__filename);
const processor = path.join(__dirname, '..', 'fixtures', 'contexts', 'function-collects.js');
const request = storageFor('test.request');

for (const [what, storeOf] of [
  ['plain stores', (id) => ({ id })],
  ['other stores', (id) => new Map([['id', id]])],
]) {
  test(`${what} are collected after their tasks`, async () => {
    await withPool([1, processor, { contexts: [request] }], async (pool) => {
      const stores = [];
      const submit = (id) => {
        const store = storeOf(id);
        stores.push(new WeakRef(store));
        return request.run(store, () => pool.run('read'));
      };
      await Promise.all([1, 2, 3].map(submit));
      for (const id of [4, 5]) await submit(id);
      assert.ok(await collectUntil(() => stores.every((store) => store.deref() === undefined)));
      assert.equal(await pool.run('collect'), true);
    });
  });
}
