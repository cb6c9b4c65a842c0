'use strict';

// Objects that a storage keeps alive, and objects that keep a storage alive: none that cannot be
// reached.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { collect, collectUntil } = require('../helpers/gc.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const collected = async (ref) => collectUntil(() => ref.deref() === undefined);
const inCallback = (fn) => new Promise((resolve) => setImmediate(() => resolve(fn())));

test('the store is collected after run()', async () => {
  const storage = new AsyncLocalStorage();
  const ref = (() => {
    const store = {};
    storage.run(store, () => {});
    return new WeakRef(store);
  })();
  assert.ok(await collected(ref));
  assert.equal(storage.getStore(), undefined);
});

test('the store is collected after run() with awaits and timers', async () => {
  const storage = new AsyncLocalStorage();
  const ref = await (async () => {
    const store = {};
    await storage.run(store, async () => {
      await null;
      await new Promise((resolve) => setTimeout(resolve, 1));
    });
    return new WeakRef(store);
  })();
  assert.ok(await collected(ref));
});

test('the store that enterWith() replaced is collected', async () => {
  const storage = new AsyncLocalStorage();
  await storage.run('outer', async () => {
    const ref = (() => {
      const store = {};
      storage.enterWith(store);
      storage.enterWith(1);
      return new WeakRef(store);
    })();
    assert.ok(await collected(ref));
    assert.equal(storage.getStore(), 1);
  });
});

test('the store is collected after disable()', async () => {
  const storage = new AsyncLocalStorage();
  const ref = await inCallback(() => {
    const store = {};
    storage.enterWith(store);
    storage.disable();
    return new WeakRef(store);
  });
  assert.ok(await collected(ref));
});

test('a store that can still be read is kept', async () => {
  const storage = new AsyncLocalStorage();
  const make = () => {
    const store = {};
    return [new WeakRef(store), storage.run(store, () => AsyncLocalStorage.snapshot())];
  };
  const [ref, snapshot] = make();
  await collect(5);
  assert.notEqual(ref.deref(), undefined);
  assert.equal(
    snapshot(() => storage.getStore()),
    ref.deref(),
  );
});

test('an unused storage is collected', async () => {
  assert.ok(await collected((() => new WeakRef(new AsyncLocalStorage()))()));
});

test('a storage is collected after run() in an inner callback', async () => {
  assert.ok(
    await collected(
      await inCallback(() => {
        const storage = new AsyncLocalStorage();
        storage.run(1, () => storage.getStore());
        return new WeakRef(storage);
      }),
    ),
  );
});

// Node 26 restores a frame that has the storage as a key after run(), and so keeps it.
test('a storage is collected after run() in code that goes on', async () => {
  const ref = (() => {
    const storage = new AsyncLocalStorage();
    storage.run(1, () => storage.getStore());
    return new WeakRef(storage);
  })();
  await null;
  assert.ok(await collected(ref));
});

test('a storage is collected after disable()', async () => {
  assert.ok(
    await collected(
      (() => {
        const storage = new AsyncLocalStorage();
        storage.enterWith(1);
        storage.disable();
        return new WeakRef(storage);
      })(),
    ),
  );
});

test('a storage is collected while its store is entered', async () => {
  const outer = new AsyncLocalStorage();
  await outer.run('outer', async () => {
    const ref = (() => {
      const storage = new AsyncLocalStorage();
      storage.enterWith(1);
      return new WeakRef(storage);
    })();
    assert.equal(await collected(ref), !differs.enteredStoresKeepStorages);
    assert.equal(outer.getStore(), 'outer');
  });
});

test('a storage is collected after its scope was disposed', async () => {
  assert.ok(
    await collected(
      (() => {
        const storage = new AsyncLocalStorage();
        storage.withScope(1).dispose();
        return new WeakRef(storage);
      })(),
    ),
  );
});

test('captured stores are collected with their snapshot or bound function', async () => {
  const storage = new AsyncLocalStorage();
  for (const capture of [AsyncLocalStorage.snapshot, () => AsyncLocalStorage.bind(() => {})]) {
    const ref = (() => {
      const store = {};
      storage.run(store, () => capture()(() => {}));
      return new WeakRef(store);
    })();
    assert.ok(await collected(ref));
  }
});

test('many temporary storages leave nothing behind', async () => {
  const refs = await inCallback(() =>
    Array.from({ length: 200 }, () => {
      const storage = new AsyncLocalStorage();
      storage.run({}, () => storage.getStore());
      return new WeakRef(storage);
    }),
  );
  assert.ok(await collectUntil(() => refs.every((ref) => ref.deref() === undefined)));
});
