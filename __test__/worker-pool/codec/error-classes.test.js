'use strict';

// The error classes of the host, found by reflection, and the properties of each besides its
// message. Properties that explain an error arrive wherever it has them.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');
const { codec, createRegistry, roundTrip } = require('../../helpers/codec-round-trip.js');

codec.useShapes(createRegistry());

const isErrorClass = (value) =>
  typeof value === 'function' && (value === Error || value.prototype instanceof Error);
const builtIn = [globalThis, globalThis.WebAssembly ?? {}].flatMap((holder) =>
  Object.getOwnPropertyNames(holder)
    .map((name) => holder[name])
    .filter(isErrorClass),
);

function make(Class) {
  switch (Class.name) {
    case 'AggregateError':
      return new Class([new RangeError('one'), 2], 'message');
    case 'SuppressedError':
      return new Class(new RangeError('error'), 'suppressed', 'message');
    case 'DOMException':
      return new Class('message', 'DataCloneError');
    case 'QuotaExceededError':
      return new Class('message', { quota: 3, requested: 4 });
    default:
      return new Class('message', { cause: new EvalError('cause') });
  }
}

const shown = [
  'name',
  'message',
  'code',
  'errors',
  'error',
  'suppressed',
  'cause',
  'quota',
  'requested',
  'stack',
];

for (const Class of builtIn) {
  test(`${Class.name} arrives as itself`, () => {
    const error = Object.assign(make(Class), { own: [1] });
    const copy = roundTrip(error);
    assert.equal(Object.getPrototypeOf(copy) === Class.prototype, true);
    for (const key of shown) assert.deepEqual(copy[key], error[key], key);
    assert.deepEqual(copy.own, [1]);
    for (const key of ['errors', 'error', 'suppressed', 'cause']) {
      const { enumerable } = Object.getOwnPropertyDescriptor(error, key) ?? {};
      assert.equal(Object.getOwnPropertyDescriptor(copy, key)?.enumerable, enumerable, key);
    }
  });

  test(`a subclass of ${Class.name} arrives as that class, with its name`, () => {
    class Own extends Class {
      get name() {
        return 'Own';
      }
    }
    const copy = roundTrip(new Own([]));
    assert.equal(Object.getPrototypeOf(copy) === Class.prototype, true);
    assert.equal(copy.name, 'Own');
  });
}

test('errors of another realm arrive as their class', () => {
  const names = vm
    .runInNewContext('Object.getOwnPropertyNames(globalThis)')
    .filter((name) => name.endsWith('Error') && name in globalThis);
  assert.equal(names.length > 7, true);
  for (const name of names) {
    const copy = roundTrip(vm.runInNewContext(`new ${name}([], [])`));
    assert.equal(Object.getPrototypeOf(copy) === globalThis[name].prototype, true, name);
  }
});

// As on errors that are created where the class is missing.
test('the suppressed error travels with an error of any class', () => {
  for (const enumerable of [true, false]) {
    const error = new Error('both');
    for (const [key, value] of [
      ['name', 'SuppressedError'],
      ['error', new TypeError('in dispose')],
      ['suppressed', () => {}],
      ['errors', [new RangeError('listed')]],
    ]) {
      Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
    }
    const copy = roundTrip(error);
    assert.equal(copy.name, 'SuppressedError');
    assert.equal(copy.error instanceof TypeError, true);
    assert.match(copy.suppressed.message, /^Cannot be cloned/);
    assert.equal(copy.errors[0] instanceof RangeError, true);
    for (const key of ['name', 'error', 'suppressed', 'errors']) {
      assert.equal(Object.getOwnPropertyDescriptor(copy, key).enumerable, enumerable, key);
    }
  }
});

test('an explaining property is not dropped because it cannot be cloned', () => {
  const odd = { toString: () => 'as text' };
  const error = Object.assign(new Error(), { message: odd, name: odd, cause() {}, other: odd });
  Object.defineProperty(error, 'stack', { value: odd, enumerable: true });
  const copy = roundTrip(error);
  assert.deepEqual([copy.message, copy.name, copy.stack], ['as text', 'as text', 'as text']);
  assert.match(copy.cause.message, /^Cannot be cloned/);
  assert.equal('other' in copy, false);
  assert.equal(structuredClone(Object.assign(new Error(), { message: odd })).message, 'as text');
});
