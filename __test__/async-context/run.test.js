'use strict';

// AsyncContext.Variable.prototype.run(): its calls and results, and that it restores everything.

const assert = require('node:assert/strict');
const { AsyncLocalStorage, createHook } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

test('run() returns the result of the function and passes the arguments on', () => {
  const variable = new Variable();
  const result = {};
  let received;
  assert.equal(
    variable.run(
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
  variable.run(1, (...args) => {
    received = args;
  });
  assert.deepEqual(received, []);
});

test('`this` is undefined in a strict function and globalThis in a sloppy one', () => {
  const variable = new Variable();
  assert.equal(
    variable.run(1, function () {
      return this;
    }),
    undefined,
  );
  assert.equal(variable.run(1, new Function('return this')), globalThis);
});

for (const [value, received] of [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'type number (5)'],
  ['fn', "type string ('fn')"],
  [{}, 'an instance of Object'],
  [Symbol('s'), 'type symbol (Symbol(s))'],
]) {
  test(`run() refuses a value that is not a function: ${received}`, () => {
    const variable = new Variable();
    const expected = typeError(
      `The "fn" argument must be of type function. Received ${received}`,
      'ERR_INVALID_ARG_TYPE',
    );
    assert.deepEqual(
      thrown(() => variable.run(1, value)),
      expected,
    );
    variable.run('outer', () => {
      assert.deepEqual(
        thrown(() => variable.run(1, value)),
        expected,
      );
      assert.equal(variable.get(), 'outer');
    });
  });
}

test('run() accepts every callable value, and does not call a class', () => {
  const variable = new Variable();
  assert.equal(variable.run(1, new Proxy(() => variable.get(), {})), 1);
  assert.equal(variable.run(1, Math.max, 1, 2), 2);
  assert.deepEqual(
    thrown(() => variable.run(1, class K {})),
    typeError("Class constructor K cannot be invoked without 'new'"),
  );
  assert.equal(variable.get(), undefined);
});

test('an error of the function is passed on unchanged, and the value is restored', () => {
  const variable = new Variable();
  variable.run('outer', () => {
    for (const reason of [new Error('as it is'), 'a string', undefined]) {
      let caught = 'nothing';
      try {
        variable.run(1, () => {
          throw reason;
        });
      } catch (error) {
        caught = error;
      }
      assert.equal(caught, reason);
      assert.equal(variable.get(), 'outer');
    }
  });
  assert.equal(variable.get(), undefined);
});

test('nested run() calls restore the outer values', () => {
  const variable = new Variable();
  const other = new Variable({ defaultValue: 'default' });
  variable.run(1, () => {
    variable.run(2, () =>
      other.run('other', () => {
        assert.deepEqual([variable.get(), other.get()], [2, 'other']);
      }),
    );
    assert.deepEqual([variable.get(), other.get()], [1, 'default']);
  });
  assert.deepEqual([variable.get(), other.get()], [undefined, 'default']);
});

test('-0 and 0 are different values', () => {
  const variable = new Variable();
  variable.run(0, () => {
    variable.run(-0, () => assert.ok(Object.is(variable.get(), -0)));
    assert.ok(Object.is(variable.get(), 0));
  });
});

test('a store that an AsyncLocalStorage enters inside is undone', () => {
  const variable = new Variable();
  const storage = new AsyncLocalStorage();
  variable.run(1, () => {
    storage.enterWith('entered');
    assert.equal(storage.getStore(), 'entered');
  });
  assert.equal(storage.getStore(), undefined);
  storage.run('outer', () => {
    variable.run(1, () => storage.enterWith('entered'));
    assert.deepEqual([variable.get(), storage.getStore()], [undefined, 'outer']);
  });
});

test('a store entered inside is undone even if the function throws', () => {
  const variable = new Variable();
  const storage = new AsyncLocalStorage();
  storage.run('outer', () => {
    assert.throws(
      () =>
        variable.run(1, () => {
          storage.enterWith('entered');
          throw new Error('after enterWith');
        }),
      /after enterWith/,
    );
    assert.deepEqual([variable.get(), storage.getStore()], [undefined, 'outer']);
  });
});

test('run() with the current value still restores everything', () => {
  const variable = new Variable();
  const storage = new AsyncLocalStorage();
  for (const value of [1, undefined]) {
    variable.run(value, () => {
      variable.run(value, () => storage.enterWith('entered'));
      assert.equal(storage.getStore(), undefined);
    });
  }
});

test('the caller of an async function gets everything back at its first await', async () => {
  const variable = new Variable();
  const storage = new AsyncLocalStorage();
  const promise = variable.run(1, async () => {
    storage.enterWith('entered');
    await null;
    return [variable.get(), storage.getStore()];
  });
  assert.deepEqual([variable.get(), storage.getStore()], [undefined, undefined]);
  assert.deepEqual(await promise, [1, 'entered']);
  assert.deepEqual([variable.get(), storage.getStore()], [undefined, undefined]);
});

test('the values are right after a stack overflow', () => {
  const variable = new Variable();
  const storage = new AsyncLocalStorage();
  const endless = (depth) =>
    variable.run(depth, () => {
      storage.enterWith(depth);
      return endless(depth + 1);
    });
  variable.run('outer', () => {
    assert.throws(() => endless(0), RangeError);
    assert.deepEqual([variable.get(), storage.getStore()], ['outer', undefined]);
  });
  assert.equal(variable.get(), undefined);
});

test('methods that a subclass overrides are not called', () => {
  class Sub extends Variable {
    get() {
      return assert.fail('get() was called');
    }
    get name() {
      return assert.fail('name was read');
    }
  }
  assert.equal(
    new Sub().run(1, () => 'result'),
    'result',
  );
});

test('run() emits no event of async_hooks', () => {
  const variable = new Variable();
  variable.run(1, () => {}); // the installation at first use is not the subject
  const events = [];
  const log = (name) => () => events.push(name);
  const hook = createHook({
    init: log('init'),
    before: log('before'),
    after: log('after'),
    destroy: log('destroy'),
  }).enable();
  const snapshot = variable.run(1, () => new Snapshot());
  snapshot.run(() => variable.get());
  Snapshot.wrap(() => {})();
  hook.disable();
  assert.deepEqual(events, []);
});
