'use strict';

// AsyncLocalStorage.prototype.run(): its calls and results, the restored stores, its errors.

const assert = require('node:assert/strict');
const { createHook } = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

test('run() returns the result of the callback and passes the arguments on', () => {
  const storage = new AsyncLocalStorage();
  const result = {};
  let received;
  assert.equal(
    storage.run(
      1,
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
  storage.run(1, (...args) => {
    received = args;
  });
  assert.deepEqual(received, []);
});

test('`this` is null in a strict callback and globalThis in a sloppy one', () => {
  const storage = new AsyncLocalStorage();
  assert.equal(
    storage.run(1, function () {
      return this;
    }),
    null,
  );
  assert.equal(storage.run(1, new Function('return this')), globalThis);
});

const notFunctions = [
  [5, '5, which is a number'],
  [NaN, 'NaN, which is a number'],
  ['str', 'str, which is a string'],
  [true, 'true, which is a boolean'],
  [1n, '1, which is a bigint'],
  [Symbol('q'), 'Symbol(q), which is a symbol'],
  [{}, '#<Object>, which is an object'],
  [[], '[object Array], which is an object'],
  [null, 'null, which is null'],
  [undefined, 'undefined, which is undefined'],
];

for (const [value, received] of notFunctions) {
  test(`run() refuses a callback that is not a function: ${received}`, () => {
    const storage = new AsyncLocalStorage();
    const expected = typeError(
      `Function.prototype.apply was called on ${received} and not a function`,
    );
    assert.deepEqual(
      thrown(() => storage.run(1, value)),
      expected,
    );
    assert.equal(storage.getStore(), undefined);
    storage.run('outer', () => {
      assert.deepEqual(
        thrown(() => storage.run(1, value)),
        expected,
      );
      assert.equal(storage.getStore(), 'outer');
    });
  });
}

test('run() without arguments throws', () => {
  assert.deepEqual(
    thrown(() => new AsyncLocalStorage().run()),
    typeError(
      'Function.prototype.apply was called on undefined, which is undefined and not a function',
    ),
  );
});

test('run() with a class as the callback throws', () => {
  const storage = new AsyncLocalStorage();
  assert.deepEqual(
    thrown(() => storage.run(1, class K {})),
    typeError("Class constructor K cannot be invoked without 'new'"),
  );
  assert.equal(storage.getStore(), undefined);
});

test('an error of the callback is passed on unchanged, and the store is restored', () => {
  const storage = new AsyncLocalStorage();
  for (const reason of [new Error('as it is'), 'a string', undefined]) {
    let caught;
    const rethrow = () => {
      try {
        storage.run(1, () => {
          throw reason;
        });
        assert.fail('nothing was thrown');
      } catch (error) {
        caught = error;
      }
    };
    rethrow();
    assert.equal(caught, reason);
    assert.equal(storage.getStore(), undefined);
    storage.run('outer', () => {
      rethrow();
      assert.equal(storage.getStore(), 'outer');
    });
  }
});

test('nested run() calls restore the outer stores', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.run(2, () => assert.equal(storage.getStore(), 2));
    assert.equal(storage.getStore(), 1);
  });
  assert.equal(storage.getStore(), undefined);
});

const object = {};
for (const store of [1, 'a', NaN, 0, -0, null, undefined, object]) {
  const title = Object.is(store, -0) ? '-0' : String(store);
  test(`run() with the current store undoes enterWith() inside: ${title}`, () => {
    const storage = new AsyncLocalStorage();
    storage.run(store, () => {
      storage.run(store, () => {
        storage.enterWith(2);
        assert.equal(storage.getStore(), 2);
      });
      assert.ok(Object.is(storage.getStore(), store));
    });
    assert.equal(storage.getStore(), undefined);
  });
}

test('run(undefined) without a store also restores', () => {
  const storage = new AsyncLocalStorage();
  storage.run(undefined, () => storage.enterWith(2));
  assert.equal(storage.getStore(), undefined);
});

test('run() keeps the store itself: -0 is not 0', () => {
  const storage = new AsyncLocalStorage();
  storage.run(0, () => {
    storage.run(-0, () => assert.ok(Object.is(storage.getStore(), -0)));
    assert.ok(Object.is(storage.getStore(), 0));
  });
});

test('run() with another store undoes enterWith() inside', () => {
  const storage = new AsyncLocalStorage();
  storage.run('outer', () => {
    storage.run(1, () => storage.enterWith(2));
    assert.equal(storage.getStore(), 'outer');
  });
  storage.run(1, () => storage.enterWith(2));
  assert.equal(storage.getStore(), undefined);
});

test('run() undoes enterWith() inside if the callback throws', () => {
  const storage = new AsyncLocalStorage();
  assert.throws(
    () =>
      storage.run(1, () => {
        storage.enterWith(2);
        throw new Error('after enterWith');
      }),
    /after enterWith/,
  );
  assert.equal(storage.getStore(), undefined);
});

test('a store that another storage enters inside stays', () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  new AsyncResource('SCOPE').runInAsyncScope(() => {
    storage.run(1, () => other.enterWith(2));
    assert.deepEqual([storage.getStore(), other.getStore()], [undefined, 2]);
  });
});

test('a store that another storage enters inside stays if run() throws', () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  new AsyncResource('SCOPE').runInAsyncScope(() => {
    storage.run('outer', () => {
      assert.throws(
        () =>
          storage.run(1, () => {
            other.enterWith(2);
            throw new Error('after enterWith');
          }),
        /after enterWith/,
      );
      assert.deepEqual([storage.getStore(), other.getStore()], ['outer', 2]);
    });
    assert.deepEqual([storage.getStore(), other.getStore()], [undefined, 2]);
  });
});

test("run() undoes stores entered inside a snapshot or a resource's scope", () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const enterBoth = () => {
    storage.enterWith(1);
    other.enterWith(2);
  };
  AsyncLocalStorage.snapshot()(enterBoth);
  assert.deepEqual([storage.getStore(), other.getStore()], [undefined, undefined]);
  new AsyncResource('SCOPE').runInAsyncScope(enterBoth);
  assert.deepEqual([storage.getStore(), other.getStore()], [undefined, undefined]);
});

test('many nested storages are left in reverse order', () => {
  const storages = Array.from({ length: 60 }, () => new AsyncLocalStorage());
  const seen = () => storages.map((storage) => storage.getStore());
  const enter = (i) => {
    if (i === storages.length) {
      assert.deepEqual(
        seen(),
        storages.map((_, index) => index),
      );
      return;
    }
    storages[i].run(i, enter, i + 1);
    assert.deepEqual(
      seen(),
      storages.map((_, index) => (index < i ? index : undefined)),
    );
  };
  enter(0);
});

// Node 26 calls getStore() and enterWith() of a subclass in run(); our run() calls neither.
test('run() does not call methods that a subclass overrides', () => {
  const calls = [];
  class Sub extends AsyncLocalStorage {
    run(...args) {
      calls.push('run');
      return super.run(...args);
    }
    getStore() {
      calls.push('getStore');
      return super.getStore();
    }
    enterWith(store) {
      calls.push('enterWith');
      super.enterWith(store);
    }
    disable() {
      calls.push('disable');
      super.disable();
    }
  }
  const storage = new Sub();
  storage.run(1, () => {});
  assert.deepEqual(calls.splice(0), ['run']);
  storage.exit(() => {});
  assert.deepEqual(calls.splice(0), ['run']);
  storage.withScope(1).dispose();
  assert.deepEqual(calls, []);
});

test('run() works with an own enterWith() of the instance, as agents install it', () => {
  const storage = new AsyncLocalStorage({ defaultValue: 'default' });
  const entered = [];
  const { enterWith } = storage;
  const body = (store) => `${store}: ${storage.getStore()}`;
  storage.enterWith = function (store) {
    assert.equal(this, storage);
    entered.push(store);
    enterWith.call(this, store);
  };
  assert.equal(storage.run(1, body, 'a'), 'a: 1');
  storage.run(2, () => storage.run(2, () => storage.run(3, () => {})));
  assert.throws(
    () =>
      storage.run(4, () => {
        throw new RangeError('in run()');
      }),
    RangeError,
  );
  assert.equal(storage.exit(body, 'b'), 'b: undefined');
  assert.deepEqual(
    entered.splice(0),
    !differs.ownEnterWithIsCalled
      ? []
      : // It enters the scope and leaves it, unless the store is current already.
        [1, 'default', 2, 3, 2, 'default', 4, 'default', undefined, 'default'],
  );
  assert.equal(storage.getStore(), 'default');
  delete storage.enterWith;
  storage.run(5, () => {});
  assert.deepEqual(entered, []);
});

test('run() accepts an own enterWith() that enters nothing', () => {
  // dd-trace finds out in this way whether Node's class keeps its stores in V8's slot.
  const storage = new AsyncLocalStorage();
  let active = false;
  storage.enterWith = () => {
    active = true;
  };
  storage.run(1, () => {});
  assert.equal(active, differs.ownEnterWithIsCalled);
});

test('run() throws detached and on any other receiver', () => {
  const { run } = new AsyncLocalStorage();
  assert.deepEqual(
    thrown(() => run(1, () => {})),
    typeError("Cannot read properties of undefined (reading 'getStore')"),
  );
  assert.deepEqual(
    thrown(() => run.call(null, 1, () => {})),
    typeError("Cannot read properties of null (reading 'getStore')"),
  );
  for (const receiver of [{}, 5, 'x']) {
    assert.deepEqual(
      thrown(() => run.call(receiver, 1, () => {})),
      typeError('this.getStore is not a function'),
    );
  }
  assert.equal(thrown(() => run.call({ getStore() {} }, 1, () => {})).name, 'TypeError');
});

test('no method emits an event of async_hooks', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {}); // the installation at first use is not the subject
  const events = [];
  const log = (name) => () => events.push(name);
  const hook = createHook({
    init: log('init'),
    before: log('before'),
    after: log('after'),
    destroy: log('destroy'),
  }).enable();
  storage.run(1, () => {});
  storage.exit(() => {});
  storage.enterWith(1);
  storage.withScope(2).dispose();
  storage.getStore();
  storage.disable();
  hook.disable();
  assert.deepEqual(events, []);
});
