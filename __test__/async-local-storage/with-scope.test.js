'use strict';

// AsyncLocalStorage.prototype.withScope() and the returned RunScope.

const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const { AsyncLocalStorage } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

const RunScope = new AsyncLocalStorage().withScope().constructor;

test('withScope() enters the store at once; dispose() restores and returns undefined', () => {
  const storage = new AsyncLocalStorage();
  const scope = storage.withScope(1);
  assert.ok(scope instanceof RunScope);
  assert.equal(storage.getStore(), 1);
  assert.equal(scope.dispose(), undefined);
  assert.equal(storage.getStore(), undefined);
});

test('withScope() works with an own enterWith() of the instance, as agents install it', () => {
  const storage = new AsyncLocalStorage();
  const entered = [];
  const { enterWith } = storage;
  storage.enterWith = (store) => {
    entered.push(store);
    enterWith.call(storage, store);
  };
  const scope = storage.withScope(1);
  assert.equal(storage.getStore(), 1);
  scope.dispose();
  scope.dispose();
  assert.equal(storage.getStore(), undefined);
  assert.deepEqual(entered, differs.ownEnterWithIsCalled ? [1, undefined] : []);
});

test('RunScope has the documented keys', () => {
  assert.deepEqual([RunScope.name, RunScope.length], ['RunScope', 2]);
  const [constructor, dispose, symbol, ...rest] = Reflect.ownKeys(RunScope.prototype);
  assert.deepEqual([constructor, dispose, rest], ['constructor', 'dispose', []]);
  assert.equal(typeof symbol, 'symbol');
  assert.deepEqual(Reflect.ownKeys(RunScope), ['length', 'name', 'prototype']);
  assert.deepEqual(Reflect.ownKeys(new AsyncLocalStorage().withScope(1)), []);
  for (const key of ['dispose', symbol]) {
    const { value, ...attributes } = Object.getOwnPropertyDescriptor(RunScope.prototype, key);
    assert.equal(value.length, 0);
    assert.deepEqual(attributes, { writable: true, enumerable: false, configurable: true });
  }
});

test('Symbol.dispose disposes the scope', () => {
  // Node defines the symbol where V8 does not; without the symbol there is nothing to check.
  if (Symbol.dispose === undefined) return;
  const storage = new AsyncLocalStorage();
  const scope = storage.withScope(1);
  assert.equal(scope[Symbol.dispose](), undefined);
  assert.equal(storage.getStore(), undefined);
});

test('Symbol.dispose calls dispose() of a subclass', () => {
  if (Symbol.dispose === undefined) return; // as above
  const scope = new AsyncLocalStorage().withScope(1);
  let calls = 0;
  scope.dispose = () => {
    calls++;
  };
  scope[Symbol.dispose]();
  assert.equal(calls, 1);
  delete scope.dispose;
  scope.dispose();
});

test('RunScope has no Symbol.asyncDispose', () => {
  if (Symbol.asyncDispose === undefined) return; // as above
  assert.equal(Symbol.asyncDispose in new AsyncLocalStorage().withScope(1), false);
});

test('util.inspect, String and structuredClone show no store', () => {
  const scope = new AsyncLocalStorage().withScope('secret');
  assert.equal(inspect(scope), 'RunScope {}');
  assert.equal(String(scope), '[object Object]');
  assert.deepEqual(structuredClone(scope), {});
  scope.dispose();
});

test('the class is not exported, but instances work', () => {
  assert.equal('RunScope' in require('../../index.js'), false);
  const storage = new AsyncLocalStorage();
  const scope = new RunScope(storage, 1);
  assert.equal(storage.getStore(), 1);
  scope.dispose();
  assert.equal(storage.getStore(), undefined);
  assert.deepEqual(
    thrown(() => RunScope(storage, 1)),
    typeError("Class constructor RunScope cannot be invoked without 'new'"),
  );
  assert.equal(thrown(() => new RunScope()).name, 'TypeError');
  assert.equal(thrown(() => new RunScope({}, 1)).name, 'TypeError');
});

test('the second dispose() does nothing', () => {
  const storage = new AsyncLocalStorage();
  const scope = storage.withScope(1);
  scope.dispose();
  storage.enterWith(2);
  assert.equal(scope.dispose(), undefined);
  assert.equal(storage.getStore(), 2);
});

test('nested scopes restore in reverse order', () => {
  const storage = new AsyncLocalStorage();
  const outer = storage.withScope(1);
  const inner = storage.withScope(2);
  assert.equal(storage.getStore(), 2);
  inner.dispose();
  assert.equal(storage.getStore(), 1);
  outer.dispose();
  assert.equal(storage.getStore(), undefined);
});

test('scopes disposed out of order each restore the store that they found', () => {
  const storage = new AsyncLocalStorage();
  const first = storage.withScope(1);
  const second = storage.withScope(2);
  first.dispose();
  assert.equal(storage.getStore(), undefined);
  second.dispose();
  assert.equal(storage.getStore(), 1);
  storage.disable();
});

test('scopes of two storages disposed out of order do not affect each other', () => {
  const one = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const first = one.withScope(1);
  const second = other.withScope(2);
  first.dispose();
  assert.deepEqual([one.getStore(), other.getStore()], [undefined, 2]);
  second.dispose();
  assert.deepEqual([one.getStore(), other.getStore()], [undefined, undefined]);
});

test('without an argument the store is undefined', () => {
  const storage = new AsyncLocalStorage({ defaultValue: 'd' });
  const scope = storage.withScope();
  assert.equal(storage.getStore(), undefined);
  scope.dispose();
  assert.equal(storage.getStore(), 'd');
});

test('withScope() with the current store undoes enterWith() inside', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    const scope = storage.withScope(1);
    storage.enterWith(2);
    scope.dispose();
    assert.equal(storage.getStore(), 1);
  });
});

test('a store that another storage enters inside stays', () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const scope = storage.withScope(1);
  other.enterWith(2);
  scope.dispose();
  assert.deepEqual([storage.getStore(), other.getStore()], [undefined, 2]);
});

test('run() ends a scope inside it that was not disposed', () => {
  const storage = new AsyncLocalStorage();
  storage.run('outer', () => {
    storage.run(1, () => storage.withScope(2));
    assert.equal(storage.getStore(), 'outer');
  });
});

test('a scope in an async function lasts across its awaits', async () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  await other.run('other', async () => {
    const scope = storage.withScope(1);
    await null;
    assert.equal(storage.getStore(), 1);
    scope.dispose();
    assert.deepEqual([storage.getStore(), other.getStore()], [undefined, 'other']);
    await null;
    assert.deepEqual([storage.getStore(), other.getStore()], [undefined, 'other']);
  });
});

test('dispose() after an await restores there, not in operations started before', async () => {
  const storage = new AsyncLocalStorage();
  const scope = storage.withScope(1);
  const started = new Promise((resolve) => setImmediate(() => resolve(storage.getStore())));
  scope.dispose();
  assert.equal(await started, 1);
  assert.equal(storage.getStore(), undefined);
});

test('the caller sees a scope from before the first await of an async function', async () => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  const promise = (async () => {
    const scope = storage.withScope(1);
    await null;
    scope.dispose();
  })();
  seen.push(storage.getStore());
  await promise;
  seen.push(storage.getStore());
  assert.deepEqual(seen, [1, 1]);
});

test('a detached dispose() throws', () => {
  const storage = new AsyncLocalStorage();
  const scope = storage.withScope(1);
  const { dispose } = scope;
  assert.deepEqual(
    thrown(() => dispose()),
    typeError("Cannot read properties of undefined (reading '#disposed')"),
  );
  assert.deepEqual(
    thrown(() => dispose.call({})),
    typeError(
      'Cannot read private member ' + '#disposed from an object whose class did not declare it',
    ),
  );
  assert.equal(storage.getStore(), 1);
  scope.dispose();
});

// The statement is new syntax, so it is compiled only if V8 supports it.
function compiled(...source) {
  try {
    return new Function(...source);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const withUsing = compiled(
  'storage',
  'then',
  `
  using scope = storage.withScope(1);
  return then(storage.getStore());
`,
);

if (withUsing !== undefined) {
  test('using disposes the scope at the end of its block', () => {
    const storage = new AsyncLocalStorage();
    assert.equal(
      withUsing(storage, (store) => store),
      1,
    );
    assert.equal(storage.getStore(), undefined);
    const error = new Error('as it is');
    storage.run('outer', () => {
      assert.throws(
        () =>
          withUsing(storage, () => {
            throw error;
          }),
        (caught) => caught === error,
      );
      assert.equal(storage.getStore(), 'outer');
    });
  });
}
