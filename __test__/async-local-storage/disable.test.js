'use strict';

// AsyncLocalStorage.prototype.disable() ends the instance in every frame, wherever it is carried,
// and a later scope starts afresh. Node's own method ends it in the current frame only (since 24),
// or lets stale stores return (before).

const assert = require('node:assert/strict');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

test('disable() returns undefined, and may be called twice or before any use', () => {
  const storage = new AsyncLocalStorage();
  assert.equal(storage.disable(), undefined);
  assert.equal(storage.disable(), undefined);
  assert.equal(
    storage.run(1, () => storage.getStore()),
    1,
  );
});

test('disable() in run() makes the store undefined at once and after it', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.disable();
    assert.equal(storage.getStore(), undefined);
  });
  assert.equal(storage.getStore(), undefined);
});

test('disable() in nested run() also removes the outer store', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.run(2, () => storage.disable());
    assert.equal(storage.getStore(), undefined);
  });
  assert.equal(storage.getStore(), undefined);
});

test('disable() after enterWith() in run() leaves no store after run()', () => {
  const storage = new AsyncLocalStorage();
  storage.run('outer', () => {
    storage.run(1, () => {
      storage.disable();
      storage.enterWith(2);
      assert.equal(storage.getStore(), 2);
    });
    assert.equal(storage.getStore(), undefined);
  });
  assert.equal(storage.getStore(), undefined);
});

test('disable() in exit() leaves no store after exit()', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.exit(() => storage.disable());
    assert.equal(storage.getStore(), undefined);
  });
});

test('disable() in an open withScope() scope lets its dispose() bring nothing back', () => {
  const storage = new AsyncLocalStorage();
  const outer = storage.withScope(1);
  const inner = storage.withScope(2);
  storage.disable();
  assert.equal(storage.getStore(), undefined);
  inner.dispose();
  assert.equal(storage.getStore(), undefined);
  outer.dispose();
  assert.equal(storage.getStore(), undefined);
});

const pending = {
  'setTimeout': (callback) => setTimeout(callback, 1),
  setImmediate,
  'process.nextTick': process.nextTick,
  queueMicrotask,
  'then': (callback) => Promise.resolve().then(callback),
  'await': async (callback) => {
    await null;
    callback();
  },
};

for (const [title, start] of Object.entries(pending)) {
  const storeIn = (storage) =>
    new Promise((resolve) => {
      start(() => resolve(storage.getStore()));
    });

  test(`disable() ends pending work in the same scope: ${title}`, async () => {
    const storage = new AsyncLocalStorage();
    const seen = storage.run(1, () => {
      const started = storeIn(storage);
      storage.disable();
      return started;
    });
    assert.equal(await seen, undefined);
  });

  test(`disable() ends pending work in another scope: ${title}`, async () => {
    const storage = new AsyncLocalStorage();
    const seen = storage.run(1, () => storeIn(storage));
    storage.disable();
    assert.equal(await seen, undefined);
  });

  test(`pending work does not see a later store of the storage: ${title}`, async () => {
    const storage = new AsyncLocalStorage();
    const before = storage.run(1, () => storeIn(storage));
    storage.disable();
    storage.enterWith(2);
    const after = storeIn(storage);
    assert.deepEqual(await Promise.all([before, after]), [undefined, 2]);
    assert.equal(storage.getStore(), 2);
  });
}

test('run() after enterWith() and disable() leaves no stale store', () => {
  const storage = new AsyncLocalStorage();
  storage.enterWith(1);
  storage.disable();
  assert.equal(
    storage.run(3, () => storage.getStore()),
    3,
  );
  assert.equal(storage.getStore(), undefined);
});

test('disable() ends the stores of earlier bound functions, snapshots and resources', () => {
  const storage = new AsyncLocalStorage();
  const getStore = () => storage.getStore();
  const [bound, snapshot, resource] = storage.run(1, () => [
    AsyncLocalStorage.bind(getStore),
    AsyncLocalStorage.snapshot(),
    new AsyncResource('SCOPE'),
  ]);
  const seen = () => [bound(), snapshot(getStore), resource.runInAsyncScope(getStore)];
  assert.deepEqual(seen(), [1, 1, 1]);
  storage.disable();
  assert.deepEqual(seen(), [undefined, undefined, undefined]);
  storage.run(2, () => assert.deepEqual(seen(), [undefined, undefined, undefined]));
});

test('disable() brings the default back in every frame', async () => {
  const storage = new AsyncLocalStorage({ defaultValue: 'd' });
  const seen = storage.run(1, async () => {
    await null;
    return storage.getStore();
  });
  storage.disable();
  assert.equal(storage.getStore(), 'd');
  assert.equal(await seen, 'd');
});

test('other storages keep their stores', async () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const both = () => [storage.getStore(), other.getStore()];
  await other.run('other', () =>
    storage.run(1, async () => {
      const pendingBoth = new Promise((resolve) => setImmediate(() => resolve(both())));
      storage.disable();
      assert.deepEqual(both(), [undefined, 'other']);
      assert.deepEqual(await pendingBoth, [undefined, 'other']);
      assert.deepEqual(both(), [undefined, 'other']);
    }),
  );
});

test('a storage can be disabled and used many times', () => {
  const storage = new AsyncLocalStorage();
  for (let i = 0; i < 100; i++) {
    storage.enterWith(i);
    assert.equal(storage.getStore(), i);
    storage.disable();
    assert.equal(storage.getStore(), undefined);
  }
});

test('a storage that is entered after it was disabled nests as before', () => {
  const storage = new AsyncLocalStorage();
  storage.run('old', () => {
    storage.disable();
    storage.run(1, () => {
      storage.run(2, () => assert.equal(storage.getStore(), 2));
      assert.equal(storage.getStore(), 1);
    });
    assert.equal(storage.getStore(), undefined);
  });
});
