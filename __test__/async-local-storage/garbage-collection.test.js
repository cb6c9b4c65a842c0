'use strict';

// What a storage keeps alive, and what keeps a storage alive: nothing that nobody can ask for.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { collectUntil } = require('../helpers/gc.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const collected = async (ref) => collectUntil(() => ref.deref() === undefined);
const inCallback = (fn) => new Promise((resolve) => setImmediate(() => resolve(fn())));

test('the store after run()', async () => {
  const storage = new AsyncLocalStorage();
  const ref = (() => {
    const store = {};
    storage.run(store, () => {});
    return new WeakRef(store);
  })();
  assert.ok(await collected(ref));
  assert.equal(storage.getStore(), undefined);
});

test('the store after run() with awaits and timers', async () => {
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

test('the store that enterWith() replaced', async () => {
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

test('the store after disable()', async () => {
  const storage = new AsyncLocalStorage();
  const ref = await inCallback(() => {
    const store = {};
    storage.enterWith(store);
    storage.disable();
    return new WeakRef(store);
  });
  assert.ok(await collected(ref));
});

test('a store that is still to be read is kept', async () => {
  const storage = new AsyncLocalStorage();
  const make = () => {
    const store = {};
    return [new WeakRef(store), storage.run(store, () => AsyncLocalStorage.snapshot())];
  };
  const [ref, snapshot] = make();
  assert.equal(await collectUntil(() => ref.deref() === undefined, 5), false);
  assert.equal(snapshot(() => storage.getStore()), ref.deref());
});

test('a storage that was never used', async () => {
  assert.ok(await collected((() => new WeakRef(new AsyncLocalStorage()))()));
});

test('a storage after run() in an inner callback', async () => {
  assert.ok(await collected(await inCallback(() => {
    const storage = new AsyncLocalStorage();
    storage.run(1, () => storage.getStore());
    return new WeakRef(storage);
  })));
});

// Node 26 puts a frame with the storage as its key back after run(), and so keeps it.
test('a storage after run() in the chain that goes on', async () => {
  const ref = (() => {
    const storage = new AsyncLocalStorage();
    storage.run(1, () => storage.getStore());
    return new WeakRef(storage);
  })();
  await null;
  assert.ok(await collected(ref));
});

test('a storage after disable()', async () => {
  assert.ok(await collected((() => {
    const storage = new AsyncLocalStorage();
    storage.enterWith(1);
    storage.disable();
    return new WeakRef(storage);
  })()));
});

test('a storage whose store is still entered: frames do not keep it', async () => {
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

test('a storage after its scope was disposed', async () => {
  assert.ok(await collected((() => {
    const storage = new AsyncLocalStorage();
    storage.withScope(1).dispose();
    return new WeakRef(storage);
  })()));
});

test('what a snapshot or a bound function captured goes with it', async () => {
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

test('many storages that come and go', async () => {
  const refs = await inCallback(() => Array.from({ length: 200 }, () => {
    const storage = new AsyncLocalStorage();
    storage.run({}, () => storage.getStore());
    return new WeakRef(storage);
  }));
  assert.ok(await collectUntil(() => refs.every((ref) => ref.deref() === undefined)));
});
