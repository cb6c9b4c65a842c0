'use strict';

// Functions that are handed to an addon, on every runtime: bound to the context of the call, in
// storages of ours.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { AsyncLocalStorage, keepNativeCallbacks } = require('../../index.js');
const { addonFile, missing } = require('../helpers/native-kinds.js');

const skip = missing();
const storage = new AsyncLocalStorage();
const called = (store, start) =>
  new Promise((resolve) => {
    storage.run(store, () => start(() => resolve(storage.getStore())));
  });

test('keepNativeCallbacks() binds what an addon is given, until disable()', { skip }, async () => {
  const kept = keepNativeCallbacks();
  const addon = require(addonFile());
  assert.deepEqual(kept.addons, [addonFile()]);
  assert.equal(await called('A', addon.fromThread), 'A');
  addon.channelOpen();
  assert.deepEqual(
    await Promise.all([called('A', addon.channelCall), called('B', addon.channelCall)]),
    ['A', 'B'],
  );
  addon.channelClose();
  storage.run('A', () => addon.listenerOn(() => storage.getStore()));
  assert.equal(
    storage.run('B', () => addon.listenerCall()),
    'B',
  );
  kept.disable();
  assert.deepEqual(kept.addons, []);
  const fn = () => {};
  storage.run('A', () => assert.equal(addon.identity(fn), fn));
  assert.equal(storage.getStore(), undefined);
});
