'use strict';

// Constructor options of AsyncLocalStorage: accepted values, `name`, and `defaultValue` in place of
// a store.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

const refused = [
  [null, 'null'],
  [1, 'type number (1)'],
  [-0, 'type number (-0)'],
  [NaN, 'type number (NaN)'],
  ['x', "type string ('x')"],
  ["it's", 'type string ("it\'s")'],
  ['a'.repeat(40), `type string ('${'a'.repeat(25)}...')`],
  [true, 'type boolean (true)'],
  [1n, 'type bigint (1n)'],
  [Symbol('s'), 'type symbol (Symbol(s))'],
  [[], 'an instance of Array'],
  [(() => () => {})(), 'function '],
  [function named() {}, 'function named'],
  [class K {}, 'function K'],
];

for (const [value, received] of refused) {
  test(`the constructor refuses as options: ${received}`, () => {
    assert.deepEqual(
      thrown(() => new AsyncLocalStorage(value)),
      typeError(
        `The "options" argument must be of type object. Received ${received}`,
        'ERR_INVALID_ARG_TYPE',
      ),
    );
  });
}

test('the stack of the error has the code, and begins at the constructor call', () => {
  function caller() {
    return new AsyncLocalStorage(null);
  }
  assert.throws(caller, ({ stack }) => {
    const [head, first] = stack.split('\n');
    assert.equal(
      head,
      'TypeError [ERR_INVALID_ARG_TYPE]: ' +
        'The "options" argument must be of type object. Received null',
    );
    assert.match(first, /at caller /);
    return true;
  });
});

for (const [title, options] of [
  ['undefined', undefined],
  ['an empty object', {}],
  ['unknown keys', { foo: 1 }],
  ['onPropagate, which is gone', { onPropagate: () => true }],
  ['a Date', new Date(0)],
  ['a Map', new Map()],
  ['no prototype', Object.create(null)],
  ['a Proxy', new Proxy({}, {})],
]) {
  test(`the constructor accepts as options: ${title}`, () => {
    const storage = new AsyncLocalStorage(options);
    assert.equal(storage.name, '');
    assert.equal(storage.getStore(), undefined);
  });
}

const names = [
  ['n1', 'n1'],
  [5, '5'],
  [null, 'null'],
  ['', ''],
  [undefined, ''],
  [{ toString: () => 'made' }, 'made'],
];

for (const [given, expected] of names) {
  test(`the name ${typeof given} ${given} becomes '${expected}'`, () => {
    assert.equal(new AsyncLocalStorage({ name: given }).name, expected);
  });
}

test('a Symbol is refused as a name', () => {
  assert.deepEqual(
    thrown(() => new AsyncLocalStorage({ name: Symbol('x') })),
    typeError('Cannot convert a Symbol value to a string'),
  );
});

test('name cannot be assigned', () => {
  const storage = new AsyncLocalStorage({ name: 'n' });
  assert.deepEqual(
    thrown(() => {
      storage.name = 'z';
    }),
    typeError('Cannot set property name of #<AsyncLocalStorage> which has only a getter'),
  );
  assert.equal(storage.name, 'n');
});

test('the name getter throws on any other receiver', () => {
  const message =
    'Cannot read private member #name ' + 'from an object whose class did not declare it';
  const read = (receiver) => () => Reflect.get(AsyncLocalStorage.prototype, 'name', receiver);
  assert.deepEqual(thrown(read({})), typeError(message));
  assert.deepEqual(thrown(read(AsyncLocalStorage.prototype)), typeError(message));
});

test('defaultValue is read once, then name twice', () => {
  const read = [];
  const storage = new AsyncLocalStorage({
    get name() {
      read.push('name');
      return 'n';
    },
    get defaultValue() {
      read.push('defaultValue');
      return 'd';
    },
  });
  assert.deepEqual(read, ['defaultValue', 'name', 'name']);
  assert.deepEqual([storage.name, storage.getStore()], ['n', 'd']);
});

const fn = () => assert.fail('a default value is not called');
for (const [title, defaultValue] of [
  ['d', 'd'],
  ['null', null],
  ['0', 0],
  ['a function', fn],
]) {
  test(`getStore() outside of every scope returns the default ${title}`, () => {
    assert.equal(new AsyncLocalStorage({ defaultValue }).getStore(), defaultValue);
  });
}

const withDefault = () => new AsyncLocalStorage({ defaultValue: 'd' });

test('the default does not replace an entered undefined or null', () => {
  const storage = withDefault();
  assert.equal(
    storage.run(undefined, () => storage.getStore()),
    undefined,
  );
  assert.equal(
    storage.run(null, () => storage.getStore()),
    null,
  );
});

test('the default is back after run()', () => {
  const storage = withDefault();
  storage.run(1, () => {});
  assert.equal(storage.getStore(), 'd');
});

test('run() with the default as its store is a scope like any other', () => {
  const storage = withDefault();
  storage.run('d', () => storage.enterWith(2));
  assert.equal(storage.getStore(), 'd');
});

test('enterWith(undefined) enters undefined', () => {
  const storage = withDefault();
  storage.enterWith(undefined);
  assert.equal(storage.getStore(), undefined);
});

test('exit() is run(undefined): the default does not apply inside', () => {
  const storage = withDefault();
  assert.equal(
    storage.exit(() => storage.getStore()),
    undefined,
  );
  assert.equal(storage.getStore(), 'd');
  storage.run(1, () => {
    assert.equal(
      storage.exit(() => storage.getStore()),
      undefined,
    );
    assert.equal(storage.getStore(), 1);
  });
  assert.equal(storage.getStore(), 'd');
});

test('disable() brings the default back, in run() and after it', () => {
  const storage = withDefault();
  storage.run(1, () => {
    storage.disable();
    assert.equal(storage.getStore(), 'd');
  });
  assert.equal(storage.getStore(), 'd');
});

test('asynchronous callbacks outside of every scope see the default', async () => {
  const storage = withDefault();
  const seen = await Promise.all([
    new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1)),
    new Promise((resolve) => setImmediate(() => resolve(storage.getStore()))),
    Promise.resolve().then(() => storage.getStore()),
    (async () => {
      await null;
      return storage.getStore();
    })(),
  ]);
  assert.deepEqual(seen, ['d', 'd', 'd', 'd']);
});

test('a snapshot taken without a store sees the default', () => {
  const storage = withDefault();
  const snapshot = AsyncLocalStorage.snapshot();
  assert.equal(
    storage.run(1, () => snapshot(() => storage.getStore())),
    'd',
  );
});

test('a snapshot from before the storage was created sees the default', () => {
  const snapshot = AsyncLocalStorage.snapshot();
  const storage = withDefault();
  assert.equal(
    snapshot(() => storage.getStore()),
    'd',
  );
  assert.equal(
    storage.run(1, () => snapshot(() => storage.getStore())),
    'd',
  );
});

test('the default is back after the scope of withScope()', () => {
  const storage = withDefault();
  const scope = storage.withScope(1);
  assert.equal(storage.getStore(), 1);
  scope.dispose();
  assert.equal(storage.getStore(), 'd');
});

test('each storage has its own default', () => {
  const one = withDefault();
  const other = new AsyncLocalStorage({ defaultValue: 'e' });
  one.run(1, () => assert.deepEqual([one.getStore(), other.getStore()], [1, 'e']));
});
