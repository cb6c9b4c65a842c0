'use strict';

// AsyncLocalStorage.snapshot(): the returned function and its context.

const assert = require('node:assert/strict');
const { createHook, executionAsyncId, triggerAsyncId } = require('node:async_hooks');
const { AsyncLocalStorage } = require('../../index.js');
const { shape } = require('../helpers/shape.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

test('the function has the expected name, length and own properties', () => {
  const snapshot = AsyncLocalStorage.snapshot();
  assert.deepEqual([snapshot.name, snapshot.length], ['bound', 1]);
  assert.deepEqual(shape(snapshot), { length: 'c', name: 'c', prototype: 'w' });
});

test('the function passes on arguments and result, and `this` is undefined', () => {
  const snapshot = AsyncLocalStorage.snapshot();
  const result = {};
  let received;
  assert.equal(
    snapshot(
      function (...args) {
        received = [this, ...args];
        return result;
      },
      'a',
      undefined,
      3,
    ),
    result,
  );
  assert.deepEqual(received, [undefined, 'a', undefined, 3]);
  assert.equal(
    snapshot.call({}, function () {
      return this;
    }),
    undefined,
  );
});

for (const value of [undefined, null, 5, 'str', {}, Symbol('q')]) {
  test(`calling it with ${value === null ? 'null' : typeof value} throws`, () => {
    assert.deepEqual(
      thrown(() => AsyncLocalStorage.snapshot()(value)),
      typeError('cb is not a function'),
    );
  });
}

test('calling it without arguments throws', () => {
  assert.deepEqual(
    thrown(() => AsyncLocalStorage.snapshot()()),
    typeError('cb is not a function'),
  );
});

test('calling it with a class throws', () => {
  assert.deepEqual(
    thrown(() => AsyncLocalStorage.snapshot()(class K {})),
    typeError("Class constructor K cannot be invoked without 'new'"),
  );
});

test("it runs in the context of the snapshot() call and restores the caller's", () => {
  const storage = new AsyncLocalStorage();
  const getStore = () => storage.getStore();
  const snapshot = storage.run(1, () => AsyncLocalStorage.snapshot());
  assert.equal(snapshot(getStore), 1);
  assert.equal(storage.getStore(), undefined);
  storage.run(2, () => {
    assert.equal(snapshot(getStore), 1);
    assert.equal(storage.getStore(), 2);
  });
});

test('a snapshot captures all storages at once', () => {
  const storages = [1, 2, 3].map(() => new AsyncLocalStorage());
  const seen = () => storages.map((storage) => storage.getStore());
  const snapshot = storages[0].run('a', () =>
    storages[1].run('b', () => AsyncLocalStorage.snapshot()),
  );
  storages[2].run('c', () => {
    assert.deepEqual(snapshot(seen), ['a', 'b', undefined]);
    assert.deepEqual(seen(), [undefined, undefined, 'c']);
  });
});

test('a snapshot taken in no scope runs in no scope', () => {
  const one = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const snapshot = AsyncLocalStorage.snapshot();
  one.run(1, () =>
    other.run(2, () => {
      assert.deepEqual(
        snapshot(() => [one.getStore(), other.getStore()]),
        [undefined, undefined],
      );
      assert.deepEqual([one.getStore(), other.getStore()], [1, 2]);
    }),
  );
});

test("the caller's context is restored if the function throws", () => {
  const storage = new AsyncLocalStorage();
  const error = new Error('as it is');
  const snapshot = storage.run(1, () => AsyncLocalStorage.snapshot());
  storage.run(2, () => {
    assert.throws(
      () =>
        snapshot(() => {
          throw error;
        }),
      (caught) => caught === error,
    );
    assert.equal(storage.getStore(), 2);
  });
});

test('neither the caller nor the next call sees enterWith() inside', () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const snapshot = storage.run(1, () => AsyncLocalStorage.snapshot());
  const enter = () => {
    const seen = [storage.getStore(), other.getStore()];
    storage.enterWith(2);
    other.enterWith(2);
    return seen;
  };
  assert.deepEqual(snapshot(enter), [1, undefined]);
  assert.deepEqual([storage.getStore(), other.getStore()], [undefined, undefined]);
  assert.deepEqual(snapshot(enter), [1, undefined]);
});

test('snapshots can be nested and re-entered', () => {
  const storage = new AsyncLocalStorage();
  const getStore = () => storage.getStore();
  const one = storage.run(1, () => AsyncLocalStorage.snapshot());
  const two = storage.run(2, () => AsyncLocalStorage.snapshot());
  assert.deepEqual(
    one(() => [getStore(), two(() => [getStore(), one(getStore), getStore()]), getStore()]),
    [1, [2, 1, 2], 1],
  );
  assert.equal(getStore(), undefined);
});

test('async functions keep the context across their awaits', async () => {
  const storage = new AsyncLocalStorage();
  const snapshot = storage.run(1, () => AsyncLocalStorage.snapshot());
  await storage.run(2, async () => {
    assert.equal(
      await snapshot(async () => {
        await null;
        return storage.getStore();
      }),
      1,
    );
    assert.equal(storage.getStore(), 2);
  });
});

test('a timer may call a snapshot, more than once', async () => {
  const storage = new AsyncLocalStorage();
  const snapshot = storage.run(1, () => AsyncLocalStorage.snapshot());
  const later = () =>
    new Promise((resolve) => {
      setTimeout(() => resolve(snapshot(() => storage.getStore())), 1);
    });
  assert.deepEqual(await storage.run(2, () => Promise.all([later(), later()])), [1, 1]);
});

test('snapshot() works detached, and as a method of a subclass', () => {
  class Sub extends AsyncLocalStorage {}
  const { snapshot } = AsyncLocalStorage;
  const storage = new AsyncLocalStorage();
  const [detached, inherited] = storage.run(1, () => [snapshot(), Sub.snapshot()]);
  assert.equal(
    detached(() => storage.getStore()),
    1,
  );
  assert.equal(
    inherited(() => storage.getStore()),
    1,
  );
});

test('a snapshot may be called with new', () => {
  const snapshot = AsyncLocalStorage.snapshot();
  const made = {};
  assert.equal(new snapshot(() => made), made);
  assert.ok(new snapshot(() => 7) instanceof snapshot);
});

// Node creates an AsyncResource per snapshot; ours creates none, so its ids are the caller's.
test('a snapshot emits no events of async_hooks, and has the ids of its caller', () => {
  const ids = () => [executionAsyncId(), triggerAsyncId()];
  AsyncLocalStorage.snapshot()(ids); // the installation at first use is not the subject
  const events = [];
  const log = (name) => () => events.push(name);
  const hook = createHook({
    init: log('init'),
    before: log('before'),
    after: log('after'),
    destroy: log('destroy'),
  }).enable();
  const inside = AsyncLocalStorage.snapshot()(ids);
  hook.disable();
  assert.deepEqual(events, []);
  assert.deepEqual(inside, ids());
});
