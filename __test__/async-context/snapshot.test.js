'use strict';

// AsyncContext.Snapshot: the captured context, and run().

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { runProgram } = require('../helpers/program.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

const one = new Variable();
const two = new Variable({ defaultValue: 'default' });
const storage = new AsyncLocalStorage();
const all = () => [one.get(), two.get(), storage.getStore()];

test('a snapshot captures all variables and all storages', () => {
  const snapshot = one.run(1, () => two.run(2, () => storage.run(3, () => new Snapshot())));
  assert.deepEqual(snapshot.run(all), [1, 2, 3]);
  one.run(4, () =>
    storage.run(5, () => {
      assert.deepEqual(snapshot.run(all), [1, 2, 3]);
      assert.deepEqual(all(), [4, 'default', 5]);
    }),
  );
  assert.deepEqual(all(), [undefined, 'default', undefined]);
});

test('in an empty snapshot every variable has its default', () => {
  const snapshot = new Snapshot();
  one.run(1, () =>
    two.run(2, () =>
      storage.run(3, () => {
        assert.deepEqual(snapshot.run(all), [undefined, 'default', undefined]);
        assert.deepEqual(all(), [1, 2, 3]);
      }),
    ),
  );
});

test('variables created after the snapshot have their defaults in it', () => {
  const snapshot = one.run(1, () => new Snapshot());
  const late = new Variable({ defaultValue: 'late' });
  late.run('value', () =>
    assert.equal(
      snapshot.run(() => late.get()),
      'late',
    ),
  );
});

test('run() returns the result of the function and passes the arguments on', () => {
  const snapshot = new Snapshot();
  const result = {};
  let received;
  assert.equal(
    snapshot.run(
      (...args) => {
        received = args;
        return result;
      },
      'a',
      undefined,
      3,
    ),
    result,
  );
  assert.deepEqual(received, ['a', undefined, 3]);
});

test('`this` is undefined in a strict function and globalThis in a sloppy one', () => {
  const snapshot = new Snapshot();
  assert.equal(
    snapshot.run(function () {
      return this;
    }),
    undefined,
  );
  assert.equal(snapshot.run(new Function('return this')), globalThis);
});

test('run() restores when the function throws', () => {
  const snapshot = one.run(1, () => new Snapshot());
  const reason = new Error('as it is');
  one.run('outer', () => {
    assert.throws(
      () =>
        snapshot.run(() => {
          throw reason;
        }),
      (error) => error === reason,
    );
    assert.equal(one.get(), 'outer');
  });
});

test('stores entered inside end with run(), and are not in the next run()', () => {
  const snapshot = one.run(1, () => new Snapshot());
  storage.run('outer', () => {
    for (let i = 0; i < 2; i++) {
      snapshot.run(() => {
        assert.equal(storage.getStore(), undefined);
        storage.enterWith('entered');
        assert.equal(storage.getStore(), 'entered');
      });
      assert.equal(storage.getStore(), 'outer');
    }
  });
});

test('snapshots can be taken inside one another, and run inside themselves', () => {
  const outer = one.run(1, () => new Snapshot());
  const inner = outer.run(() => two.run(2, () => new Snapshot()));
  assert.deepEqual(inner.run(all), [1, 2, undefined]);
  assert.deepEqual(
    inner.run(() => one.run(3, () => inner.run(all))),
    [1, 2, undefined],
  );
  assert.deepEqual(
    outer.run(() => inner.run(() => outer.run(all))),
    [1, 'default', undefined],
  );
});

test('an async function keeps the captured context after its awaits', async () => {
  const snapshot = one.run(1, () => storage.run(3, () => new Snapshot()));
  const found = await one.run('caller', () =>
    snapshot.run(async () => {
      await null;
      await new Promise((resolve) => setTimeout(resolve, 1));
      return all();
    }),
  );
  assert.deepEqual(found, [1, 'default', 3]);
});

for (const [value, received] of [
  [undefined, 'undefined'],
  [5, 'type number (5)'],
  [{}, 'an instance of Object'],
]) {
  test(`run() refuses a value that is not a function: ${received}`, () => {
    const expected = typeError(
      `The "fn" argument must be of type function. Received ${received}`,
      'ERR_INVALID_ARG_TYPE',
    );
    assert.deepEqual(
      thrown(() => new Snapshot().run(value)),
      expected,
    );
  });
}

for (const [receiver, received] of [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'type number (5)'],
  [{}, 'an instance of Object'],
  [new Proxy(new Snapshot(), {}), 'an instance of Snapshot'],
  [new Variable(), 'an instance of Variable'],
]) {
  test(`run() refuses a receiver that is not a Snapshot: ${received}`, () => {
    assert.deepEqual(
      thrown(() => Reflect.apply(Snapshot.prototype.run, receiver, [() => assert.fail()])),
      typeError(
        `Value of "this" must be of type AsyncContext.Snapshot. Received ${received}`,
        'ERR_INVALID_THIS',
      ),
    );
  });
}

test('a snapshot taken before the first scope of a program is empty', async () => {
  const found = await runProgram(async () => {
    const { Variable: V, Snapshot: S } = require('async-hooks-rs/async-context');
    const snapshot = new S();
    const variable = new V({ defaultValue: 'default' });
    const look = async () => {
      const before = variable.get();
      await null;
      return [before, variable.get()];
    };
    const first = snapshot.run(() => variable.run(1, look));
    const found = [await variable.run(2, () => snapshot.run(look))];
    return [...found, await first, variable.get()];
  });
  assert.deepEqual(found, [['default', 'default'], [1, 1], 'default']);
});
