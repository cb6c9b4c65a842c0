'use strict';

// AsyncContext.Snapshot.wrap(): the returned function, its name and its length.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { shape } = require('../helpers/shape.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

const variable = new Variable();
const storage = new AsyncLocalStorage();
const both = () => [variable.get(), storage.getStore()];

test('the wrapped function runs in the context of the wrap() call', () => {
  const wrapped = variable.run(1, () => storage.run(2, () => Snapshot.wrap(both)));
  assert.deepEqual(wrapped(), [1, 2]);
  variable.run(3, () => {
    assert.deepEqual(wrapped(), [1, 2]);
    assert.deepEqual(both(), [3, undefined]);
  });
  assert.deepEqual(both(), [undefined, undefined]);
});

test('the wrapped function passes on `this`, arguments, result and errors', () => {
  const receiver = {};
  const wrapped = Snapshot.wrap(function (...args) {
    return [this, ...args];
  });
  assert.deepEqual(wrapped.call(receiver, 1, undefined, 'a'), [receiver, 1, undefined, 'a']);
  assert.equal(wrapped.call(receiver)[0], receiver);
  assert.deepEqual(wrapped.call(5), [5]);
  assert.deepEqual(wrapped(), [undefined]);
  assert.deepEqual({ wrapped }.wrapped().length, 1);
  const reason = new Error('as it is');
  variable.run('outer', () => {
    const throws = Snapshot.wrap(() => {
      throw reason;
    });
    variable.run('caller', () => {
      assert.throws(throws, (error) => error === reason);
      assert.equal(variable.get(), 'caller');
    });
  });
});

test('neither the caller nor the next call sees a store that is entered inside', () => {
  const wrapped = Snapshot.wrap(() => {
    const before = storage.getStore();
    storage.enterWith('entered');
    return before;
  });
  storage.run('caller', () => {
    assert.equal(wrapped(), undefined);
    assert.equal(storage.getStore(), 'caller');
    assert.equal(wrapped(), undefined);
  });
});

test('the wrapped function is not a constructor and has no prototype', () => {
  const wrapped = Snapshot.wrap(class {});
  assert.deepEqual(shape(wrapped), { length: 'c', name: 'c' });
  assert.equal(Object.getPrototypeOf(wrapped), Function.prototype);
  assert.throws(() => new wrapped(), TypeError);
  assert.throws(wrapped, TypeError);
});

// The steps of Function.prototype.bind(), with another prefix.
const bindOf = (fn) => Reflect.apply(Function.prototype.bind, fn, []);

const named = (name, attributes = { value: name }) =>
  Object.defineProperty(() => {}, 'name', attributes);
const inherited = () => {};
delete inherited.name; // Function.prototype.name is ''
const renamed = Object.setPrototypeOf(() => {}, { name: 'from the prototype' });
delete renamed.name;

for (const [title, fn, expected] of [
  ['a function', function fn() {}, 'wrapped fn'],
  ['an anonymous one', (() => () => {})(), 'wrapped '],
  ['a wrapped one', Snapshot.wrap(function fn() {}), 'wrapped wrapped fn'],
  ['a bound one', function fn() {}.bind(), 'wrapped bound fn'],
  ['a class', class K {}, 'wrapped K'],
  ['a name that is a number', named(5), 'wrapped '],
  ['a name that is a symbol', named(Symbol('s')), 'wrapped '],
  ['a name that is a String object', named(Object('text')), 'wrapped '],
  ['a name that is undefined', named(undefined), 'wrapped '],
  ['a name that is a getter', named('', { get: () => 'got' }), 'wrapped got'],
  ['a name that was deleted', inherited, 'wrapped '],
  ['a name on the prototype', renamed, 'wrapped from the prototype'],
]) {
  test(`the name of the wrapped function: ${title}`, () => {
    const { value, ...attributes } = Object.getOwnPropertyDescriptor(Snapshot.wrap(fn), 'name');
    assert.equal(value, expected);
    assert.deepEqual(attributes, { writable: false, enumerable: false, configurable: true });
    assert.equal(value, bindOf(fn).name.replace(/^bound/, 'wrapped'));
  });
}

const sized = (value) => Object.defineProperty((a, b) => [a, b], 'length', { value });
const onPrototype = Object.setPrototypeOf(() => {}, { length: 5 });
delete onPrototype.length;

for (const [title, fn, expected] of [
  ['none', () => {}, 0],
  ['three', (a, b, c) => [a, b, c], 3],
  ['up to the first default', (a, b = 1) => [a, b], 1],
  ['a fraction', sized(2.7), 2],
  ['negative', sized(-2), 0],
  ['-0', sized(-0), 0],
  ['NaN', sized(NaN), 0],
  ['Infinity', sized(Infinity), Infinity],
  ['-Infinity', sized(-Infinity), 0],
  ['a string', sized('2'), 0],
  ['a bigint', sized(2n), 0],
  ['an object', sized({ valueOf: () => 2 }), 0],
  ['only on the prototype', onPrototype, 0],
]) {
  test(`the length of the wrapped function: ${title}`, () => {
    const { value, ...attributes } = Object.getOwnPropertyDescriptor(Snapshot.wrap(fn), 'length');
    assert.ok(Object.is(value, expected), String(value));
    assert.deepEqual(attributes, { writable: false, enumerable: false, configurable: true });
    assert.ok(Object.is(value, bindOf(fn).length));
  });
}

test('wrap() reads length, then name, once each, and passes their errors on', () => {
  const log = [];
  const handler = {
    getOwnPropertyDescriptor(target, key) {
      log.push(`own ${key}`);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get(target, key) {
      log.push(`get ${key}`);
      return target[key];
    },
  };
  const wrapped = Snapshot.wrap(
    new Proxy(function fn(a) {
      return a;
    }, handler),
  );
  assert.deepEqual(log, ['own length', 'get length', 'get name']);
  assert.deepEqual([wrapped.name, wrapped.length, wrapped(7)], ['wrapped fn', 1, 7]);
  assert.throws(
    () =>
      Snapshot.wrap(
        new Proxy(() => {}, {
          get() {
            throw new RangeError('mine');
          },
        }),
      ),
    RangeError,
  );
});

for (const [value, received] of [
  [undefined, 'undefined'],
  [null, 'null'],
  ['fn', "type string ('fn')"],
  [{ call() {} }, 'an instance of Object'],
]) {
  test(`wrap() refuses a value that is not a function: ${received}`, () => {
    assert.deepEqual(
      thrown(() => Snapshot.wrap(value)),
      typeError(
        `The "fn" argument must be of type function. Received ${received}`,
        'ERR_INVALID_ARG_TYPE',
      ),
    );
  });
}

test('wrap() needs no `this`', () => {
  const { wrap } = Snapshot;
  const wrapped = variable.run(1, () => wrap(() => variable.get()));
  assert.equal(wrapped(), 1);
});
