'use strict';

// Objects that a variable, a snapshot and a frame keep alive, and objects that they do not.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { collect, collectUntil, gc } = require('../helpers/gc.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const collected = (...refs) => collectUntil(() => refs.every((ref) => ref.deref() === undefined));
const inCallback = (fn) => new Promise((resolve) => setImmediate(() => resolve(fn())));

test('an unused variable, and one after run(), are collected', async () => {
  const refs = await inCallback(() =>
    [new Variable(), new Variable({ defaultValue: {} })].map((variable, index) => {
      if (index === 1) variable.run({}, () => variable.get());
      return new WeakRef(variable);
    }),
  );
  assert.ok(await collected(...refs));
});

test('a variable is collected while its frame is current', async () => {
  const outer = new Variable();
  assert.ok(
    await inCallback(() =>
      outer.run('outer', () => {
        const variable = new Variable();
        const ref = new WeakRef(variable);
        return variable.run({}, async () => {
          const gone = await collected(ref);
          return gone && outer.get() === 'outer';
        });
      }),
    ),
  );
});

test('a variable is collected while a snapshot or a wrapped function holds its frame', async () => {
  for (const capture of [() => new Snapshot(), () => Snapshot.wrap(() => {})]) {
    const [ref, holder] = await inCallback(() => {
      const variable = new Variable();
      return [new WeakRef(variable), variable.run({}, capture)];
    });
    assert.ok(await collected(ref));
    assert.notEqual(holder, undefined);
  }
});

test('the value is collected after run(), and after its awaits and timers', async () => {
  const variable = new Variable();
  const ref = await (async () => {
    const value = {};
    await variable.run(value, async () => {
      await null;
      await new Promise((resolve) => setTimeout(resolve, 1));
    });
    return new WeakRef(value);
  })();
  assert.ok(await collected(ref));
  assert.equal(variable.get(), undefined);
});

test('a value that can still be read is kept, and is collected with its snapshot', async () => {
  const variable = new Variable();
  const make = () => {
    const value = {};
    return { ref: new WeakRef(value), snapshot: variable.run(value, () => new Snapshot()) };
  };
  const made = await inCallback(make);
  await collect(5);
  assert.notEqual(made.ref.deref(), undefined);
  await inCallback(() => {
    assert.equal(
      made.snapshot.run(() => variable.get()),
      made.ref.deref(),
    );
  });
  made.snapshot = undefined;
  assert.ok(await collected(made.ref));
});

test('values of collected variables are dropped as a chain of scopes grows', async () => {
  const kept = new Variable();
  let snapshot = kept.run('kept', () => new Snapshot());
  const grow = (value) =>
    inCallback(() => {
      snapshot = snapshot.run(() => new Variable().run(value, () => new Snapshot()));
      return new WeakRef(value);
    });
  const first = await grow({});
  for (let i = 0; i < 200 && first.deref() !== undefined; i++) {
    await grow({});
    gc();
  }
  assert.equal(first.deref(), undefined);
  assert.equal(
    snapshot.run(() => kept.get()),
    'kept',
  );
});

test('ten thousand variables in one context each keep their value', async () => {
  const variables = Array.from({ length: 10_000 }, (_, i) => new Variable({ defaultValue: -i }));
  const storage = new AsyncLocalStorage();
  let snapshot = storage.run('store', () => new Snapshot());
  for (const [i, variable] of variables.entries()) {
    snapshot = snapshot.run(() => variable.run(i, () => new Snapshot()));
  }
  const found = await snapshot.run(async () => {
    await null;
    return variables.map((variable) => variable.get());
  });
  assert.deepEqual(
    found,
    variables.map((_, i) => i),
  );
  assert.equal(
    snapshot.run(() => storage.getStore()),
    'store',
  );
  assert.deepEqual([variables[1].get(), variables[9_999].get()], [-1, -9_999]);
});

test('ten thousand temporary variables leave nothing behind', async () => {
  const refs = await inCallback(() =>
    Array.from({ length: 10_000 }, (_, i) => {
      const variable = new Variable();
      assert.equal(
        variable.run(i, () => variable.get()),
        i,
      );
      return new WeakRef(variable);
    }),
  );
  assert.ok(await collected(...refs));
});
