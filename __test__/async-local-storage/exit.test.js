'use strict';

// AsyncLocalStorage.prototype.exit(): the same as run(undefined).

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

test('exit() returns the result of the callback and passes the arguments on', () => {
  const storage = new AsyncLocalStorage();
  const result = {};
  let received;
  assert.equal(
    storage.exit(
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

test('`this` is null in a strict callback and globalThis in a sloppy one', () => {
  const storage = new AsyncLocalStorage();
  assert.equal(
    storage.exit(function () {
      return this;
    }),
    null,
  );
  assert.equal(storage.exit(new Function('return this')), globalThis);
});

test('exit() inside run() has no store, and restores it', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    assert.equal(
      storage.exit(() => storage.getStore()),
      undefined,
    );
    assert.equal(storage.getStore(), 1);
  });
  assert.equal(storage.getStore(), undefined);
});

test('exit() outside of every scope calls the callback', () => {
  const storage = new AsyncLocalStorage();
  assert.equal(
    storage.exit(() => storage.getStore()),
    undefined,
  );
  storage.exit(() => storage.enterWith(1));
  assert.equal(storage.getStore(), undefined);
});

test('an error of the callback is passed on unchanged, and the store is restored', () => {
  const storage = new AsyncLocalStorage();
  const error = new Error('as it is');
  storage.run(1, () => {
    assert.throws(
      () =>
        storage.exit(() => {
          throw error;
        }),
      (caught) => caught === error,
    );
    assert.equal(storage.getStore(), 1);
  });
});

for (const [value, received] of [
  [5, '5, which is a number'],
  ['str', 'str, which is a string'],
  [{}, '#<Object>, which is an object'],
  [null, 'null, which is null'],
  [undefined, 'undefined, which is undefined'],
]) {
  test(`exit() refuses a callback that is not a function: ${received}`, () => {
    const storage = new AsyncLocalStorage();
    storage.run(1, () => {
      assert.deepEqual(
        thrown(() => storage.exit(value)),
        typeError(`Function.prototype.apply was called on ${received} and not a function`),
      );
      assert.equal(storage.getStore(), 1);
    });
  });
}

test('enterWith() inside is undone', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.exit(() => {
      storage.enterWith(2);
      assert.equal(storage.getStore(), 2);
    });
    assert.equal(storage.getStore(), 1);
  });
});

test('enterWith() inside is undone even if no store was entered before', () => {
  const storage = new AsyncLocalStorage();
  storage.exit(() => storage.enterWith(2));
  assert.equal(storage.getStore(), undefined);
});

test('run() inside leaves nothing entered', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.exit(() => {
      assert.equal(
        storage.run(2, () => storage.getStore()),
        2,
      );
      assert.equal(storage.getStore(), undefined);
    });
    assert.equal(storage.getStore(), 1);
  });
});

test('operations started inside stay outside of the scope', async () => {
  const storage = new AsyncLocalStorage();
  await storage.run(1, async () => {
    const seen = storage.exit(() =>
      Promise.all([
        new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1)),
        new Promise((resolve) => setImmediate(() => resolve(storage.getStore()))),
        Promise.resolve().then(() => storage.getStore()),
        (async () => {
          await null;
          return storage.getStore();
        })(),
      ]),
    );
    assert.equal(storage.getStore(), 1);
    assert.deepEqual(await seen, [undefined, undefined, undefined, undefined]);
    assert.equal(storage.getStore(), 1);
  });
});

test("awaits of an async callback are outside of the scope, not its caller's", async () => {
  const storage = new AsyncLocalStorage();
  await storage.run(1, async () => {
    await storage.exit(async () => {
      await null;
      assert.equal(storage.getStore(), undefined);
    });
    assert.equal(storage.getStore(), 1);
  });
});

test('a function bound before keeps its store when it is called inside', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    const bound = AsyncLocalStorage.bind(() => storage.getStore());
    const snapshot = AsyncLocalStorage.snapshot();
    storage.exit(() => {
      assert.equal(bound(), 1);
      assert.equal(
        snapshot(() => storage.getStore()),
        1,
      );
      assert.equal(storage.getStore(), undefined);
    });
  });
});

test('other storages keep their stores', () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  other.run('other', () =>
    storage.run(1, () => {
      storage.exit(() => assert.equal(other.getStore(), 'other'));
      assert.deepEqual([storage.getStore(), other.getStore()], [1, 'other']);
    }),
  );
});

test('nested exit() and run() restore their stores', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.exit(() => storage.exit(() => assert.equal(storage.getStore(), undefined)));
    assert.equal(storage.getStore(), 1);
  });
});

test('exit() calls run() of a subclass', () => {
  const calls = [];
  class Sub extends AsyncLocalStorage {
    run(...args) {
      calls.push(args);
      return super.run(...args);
    }
  }
  const callback = () => 'result';
  assert.equal(new Sub().exit(callback, 1, 2), 'result');
  assert.deepEqual(calls, [[undefined, callback, 1, 2]]);
});

test('exit() throws detached and on any other receiver', () => {
  const { exit } = new AsyncLocalStorage();
  assert.deepEqual(
    thrown(() => exit(() => {})),
    typeError("Cannot read properties of undefined (reading 'run')"),
  );
  assert.deepEqual(
    thrown(() => exit.call({}, () => {})),
    typeError('this.run is not a function'),
  );
});
