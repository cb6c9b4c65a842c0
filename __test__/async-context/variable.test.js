'use strict';

// AsyncContext.Variable: options, name, get(), and receivers that are not a Variable.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

for (const options of [undefined, null, 5, 'name', true, 1n, Symbol('s')]) {
  test(`options that are not an object are ignored: ${String(options)}`, () => {
    const variable = new Variable(options);
    assert.equal(variable.name, '');
    assert.equal(variable.get(), undefined);
  });
}

const object = { toString: () => 'converted' };
for (const [name, expected] of [
  ['requests', 'requests'],
  ['', ''],
  [undefined, 'undefined'],
  [null, 'null'],
  [5, '5'],
  [-0, '0'],
  [false, 'false'],
  [1n, '1'],
  [object, 'converted'],
  [[1, 2], '1,2'],
]) {
  test(`the name ${typeof name} ${String(name)} is '${expected}'`, () => {
    assert.equal(new Variable({ name }).name, expected);
  });
}

test('a name that cannot be converted is refused', () => {
  assert.deepEqual(
    thrown(() => new Variable({ name: Symbol('s') })),
    typeError('Cannot convert a Symbol value to a string'),
  );
  assert.throws(
    () =>
      new Variable({
        name: {
          toString() {
            throw new RangeError('mine');
          },
        },
      }),
    RangeError,
  );
});

test('the name is looked up with `in` and converted before the default is read', () => {
  const log = [];
  const traps = new Proxy(
    {},
    {
      has: (target, key) => {
        log.push(`has ${key}`);
        return true;
      },
      get: (target, key) => {
        log.push(`get ${key}`);
        return {
          toString: () => {
            log.push('toString');
            return 'n';
          },
        };
      },
    },
  );
  assert.equal(new Variable(traps).name, 'n');
  assert.deepEqual(log, ['has name', 'get name', 'toString', 'get defaultValue']);
});

test('options may be inherited, and may be a function', () => {
  const inherited = new Variable(Object.create({ name: 'inherited', defaultValue: 1 }));
  assert.deepEqual([inherited.name, inherited.get()], ['inherited', 1]);
  const fn = Object.assign(function fn() {}, { defaultValue: 2 });
  assert.deepEqual([new Variable(fn).name, new Variable(fn).get()], ['fn', 2]);
  assert.equal(new Variable({ __proto__: null }).name, '');
});

test('get() returns the default unchanged outside of run()', () => {
  for (const defaultValue of ['d', 0, NaN, null, false, {}, () => assert.fail('it was called')]) {
    const variable = new Variable({ defaultValue });
    assert.ok(Object.is(variable.get(), defaultValue));
    variable.run(1, () => assert.equal(variable.get(), 1));
    assert.ok(Object.is(variable.get(), defaultValue));
  }
});

test('the default is not used inside of run(undefined)', () => {
  const variable = new Variable({ defaultValue: 'default' });
  variable.run(undefined, () => assert.equal(variable.get(), undefined));
});

test('each option is read once', () => {
  const options = { name: 'before', defaultValue: 'before' };
  const variable = new Variable(options);
  options.name = options.defaultValue = 'after';
  assert.deepEqual([variable.name, variable.get()], ['before', 'before']);
});

test('name is read-only', () => {
  const variable = new Variable({ name: 'n' });
  assert.throws(() => {
    variable.name = 'other';
  }, TypeError);
  assert.equal(variable.name, 'n');
});

test('two variables with one name are independent', () => {
  const one = new Variable({ name: 'n' });
  const two = new Variable({ name: 'n' });
  one.run(1, () => assert.deepEqual([one.get(), two.get()], [1, undefined]));
});

const variable = new Variable();
const receivers = [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'type number (5)'],
  ['text', "type string ('text')"],
  [{}, 'an instance of Object'],
  [function fn() {}, 'function fn'],
  [Object.create(null), '[Object: null prototype] {}'],
  [Object.create(variable), 'an instance of Variable'],
  [new Proxy(variable, {}), 'an instance of Variable'],
  [Variable.prototype, 'an instance of Variable'],
  [new Snapshot(), 'an instance of Snapshot'],
  [new AsyncLocalStorage(), 'an instance of AsyncLocalStorage'],
];

for (const [receiver, received] of receivers) {
  test(`get(), run() and name refuse another receiver: ${received}`, () => {
    const { get, run } = Variable.prototype;
    const { get: name } = Object.getOwnPropertyDescriptor(Variable.prototype, 'name');
    const expected = typeError(
      `Value of "this" must be of type AsyncContext.Variable. Received ${received}`,
      'ERR_INVALID_THIS',
    );
    const uncalled = () => assert.fail('it was called');
    assert.deepEqual(
      thrown(() => Reflect.apply(get, receiver, [])),
      expected,
    );
    assert.deepEqual(
      thrown(() => Reflect.apply(name, receiver, [])),
      expected,
    );
    assert.deepEqual(
      thrown(() => Reflect.apply(run, receiver, [1, uncalled])),
      expected,
    );
    assert.deepEqual(
      thrown(() => Reflect.apply(run, receiver, [1, 5])),
      expected,
    );
  });
}

test("the stack of an error begins at the user's call", () => {
  // In blocks: in other engines a returned call may replace its caller on the stack.
  for (const fails of [
    () => {
      Variable.prototype.get.call({});
    },
    () => {
      void Variable.prototype.name;
    },
    () => {
      variable.run(1);
    },
    () => {
      new Snapshot().run();
    },
    () => {
      Snapshot.wrap();
    },
    () => {
      Snapshot.prototype.run.call({});
    },
  ]) {
    assert.throws(fails, ({ stack }) => {
      assert.match(stack.split('\n    at ')[1], /variable\.test\.js/);
      return true;
    });
  }
});
