'use strict';

// AsyncLocalStorage.bind(): the returned function, its context, and its errors.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { shape } = require('../helpers/shape.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

test('bind() without a function throws', () => {
  assert.deepEqual(
    thrown(() => AsyncLocalStorage.bind()),
    typeError("Cannot read properties of undefined (reading 'name')"),
  );
  assert.deepEqual(
    thrown(() => AsyncLocalStorage.bind(null)),
    typeError("Cannot read properties of null (reading 'name')"),
  );
});

for (const [value, received] of [
  [5, 'type number (5)'],
  ['str', "type string ('str')"],
  [true, 'type boolean (true)'],
  [1n, 'type bigint (1n)'],
  [Symbol('q'), 'type symbol (Symbol(q))'],
  [{}, 'an instance of Object'],
  [[], 'an instance of Array'],
]) {
  test(`bind() refuses ${received}`, () => {
    assert.deepEqual(
      thrown(() => AsyncLocalStorage.bind(value)),
      typeError(
        `The "fn" argument must be of type function. Received ${received}`,
        'ERR_INVALID_ARG_TYPE',
      ),
    );
  });
}

test('the bound function has the expected name, length and own properties', () => {
  const bound = AsyncLocalStorage.bind(new Function('one', 'two', ''));
  assert.deepEqual([bound.name, bound.length], ['bound', 2]);
  assert.deepEqual(shape(bound), { length: 'c', name: 'c', prototype: 'w' });
  assert.equal('asyncResource' in bound, false);
});

test('the bound function passes on the `this` of its call', () => {
  const bound = AsyncLocalStorage.bind(function () {
    return this;
  });
  const receiver = {};
  assert.equal(bound.call(receiver), receiver);
  assert.equal({ bound, own: true }.bound().own, true);
  assert.equal(bound(), undefined);
});

test('the bound function passes on arguments and result', () => {
  const result = {};
  let received;
  const bound = AsyncLocalStorage.bind((...args) => {
    received = args;
    return result;
  });
  assert.equal(bound('a', undefined, 3), result);
  assert.deepEqual(received, ['a', undefined, 3]);
});

test("the bound function runs in the context of the bind() call and restores the caller's", () => {
  const storage = new AsyncLocalStorage();
  const bound = storage.run(1, () => AsyncLocalStorage.bind(() => storage.getStore()));
  assert.equal(bound(), 1);
  assert.equal(storage.getStore(), undefined);
  storage.run(2, () => {
    assert.equal(bound(), 1);
    assert.equal(storage.getStore(), 2);
  });
});

test('a function bound in no scope runs in no scope', () => {
  const storage = new AsyncLocalStorage();
  const bound = AsyncLocalStorage.bind(() => storage.getStore());
  storage.run(1, () => {
    assert.equal(bound(), undefined);
    assert.equal(storage.getStore(), 1);
  });
});

test("the caller's context is restored if the function throws", () => {
  const storage = new AsyncLocalStorage();
  const error = new Error('as it is');
  const bound = storage.run(1, () =>
    AsyncLocalStorage.bind(() => {
      throw error;
    }),
  );
  storage.run(2, () => {
    assert.throws(bound, (caught) => caught === error);
    assert.equal(storage.getStore(), 2);
  });
});

test('bind() captures all storages at once', () => {
  const storages = [1, 2, 3].map(() => new AsyncLocalStorage());
  const seen = () => storages.map((storage) => storage.getStore());
  const bound = storages[0].run('a', () =>
    storages[1].run('b', () => AsyncLocalStorage.bind(seen)),
  );
  storages[2].run('c', () => {
    assert.deepEqual(bound(), ['a', 'b', undefined]);
    assert.deepEqual(seen(), [undefined, undefined, 'c']);
  });
});

test('neither the caller nor the next call sees enterWith() inside', () => {
  const storage = new AsyncLocalStorage();
  const bound = storage.run(1, () =>
    AsyncLocalStorage.bind(() => {
      const seen = storage.getStore();
      storage.enterWith(2);
      return seen;
    }),
  );
  assert.equal(bound(), 1);
  assert.equal(storage.getStore(), undefined);
  assert.equal(bound(), differs.enterWithSticksToResource ? 2 : 1);
});

test('async functions keep the context across their awaits', async () => {
  const storage = new AsyncLocalStorage();
  const bound = storage.run(1, () =>
    AsyncLocalStorage.bind(async () => {
      await null;
      return storage.getStore();
    }),
  );
  assert.equal(await storage.run(2, bound), 1);
});

test('a timer may call a bound function', async () => {
  const storage = new AsyncLocalStorage();
  assert.equal(
    await new Promise((resolve) => {
      const bound = storage.run(1, () =>
        AsyncLocalStorage.bind(() => {
          resolve(storage.getStore());
        }),
      );
      storage.run(2, () => setTimeout(bound, 1));
    }),
    1,
  );
});

test('a bound function may be called with new', () => {
  const bound = AsyncLocalStorage.bind(function () {
    this.made = true;
  });
  const made = new bound();
  assert.ok(made instanceof bound);
  assert.equal(made.made, true);
});

test('a bound class cannot be called', () => {
  const bound = AsyncLocalStorage.bind(class K {});
  assert.deepEqual(thrown(bound), typeError("Class constructor K cannot be invoked without 'new'"));
});

test('binding a function twice gives two functions', () => {
  const fn = () => {};
  assert.notEqual(AsyncLocalStorage.bind(fn), AsyncLocalStorage.bind(fn));
});

test('bind() works detached, and as a method of a subclass', () => {
  class Sub extends AsyncLocalStorage {}
  const { bind } = AsyncLocalStorage;
  const storage = new AsyncLocalStorage();
  const getStore = () => storage.getStore();
  const [detached, inherited] = storage.run(1, () => [bind(getStore), Sub.bind(getStore)]);
  assert.deepEqual([detached(), inherited()], [1, 1]);
});
