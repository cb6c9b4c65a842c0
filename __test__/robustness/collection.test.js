'use strict';

// A store is collected once its scope is unreachable, whatever the scope was used for, and a
// storage is collected after use, even while frames with its stores are alive.

const assert = require('node:assert/strict');
const test = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runScript } = require('../helpers/script.js');

test('stores and storages are collected', async (t) => {
  const { code, stdout, stderr } = await runScript("require('./__test__/fixtures/collection.js')");
  assert.equal(code, 0, stderr);
  const seen = JSON.parse(stdout);
  const { stores, ofFiredTimers, ofSettledPromises, storages, control, kept } = seen;
  assert.deepEqual(control, ['kept'], 'collection is not seen at all');
  assert.ok(kept > 10);

  await t.test('a store after its scope', () => assert.deepEqual(stores, []));
  await t.test('a storage after its use', () => assert.deepEqual(storages, []));
  await t.test('a store after its scope, while a timer fired there is kept', () => {
    const builtin = new Set(seen.ofFiredTimersBuiltin);
    if (differs.resourcesKeepStores) {
      assert.ok(ofFiredTimers.length > 0, 'no timer keeps its stores: drop the flag');
      return;
    }
    assert.deepEqual(
      ofFiredTimers.filter((kind) => !builtin.has(kind)),
      [],
    );
  });
  await t.test('a store after its scope, while a promise made there is kept', () => {
    if (differs.promisesKeepStores) assert.equal(ofSettledPromises.length, 3);
    else assert.deepEqual(ofSettledPromises, []);
  });
});
