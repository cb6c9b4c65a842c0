'use strict';

// Values that the codec must refuse, because only a MessagePort carries them correctly or explains
// why it cannot.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');
const { codec, roundTrip } = require('../../helpers/codec-round-trip.js');

class Point {
  x = 1;
}
const subclasses = [
  Array,
  Map,
  Set,
  Date,
  RegExp,
  Promise,
  Uint8Array,
  ArrayBuffer,
  Number,
  Object,
];
const withPrototype = Object.setPrototypeOf;

const detached = new ArrayBuffer(8);
const detachedView = new Uint8Array(detached);
const detachedDataView = new DataView(detached);
structuredClone(detached, { transfer: [detached] });
const emptyDetached = new ArrayBuffer(0);
structuredClone(emptyDetached, { transfer: [emptyDetached] });
const resizable = new ArrayBuffer(8, { maxByteLength: 16 });
const shared = new SharedArrayBuffer(8);
const twoViews = new ArrayBuffer(16);

const refused = {
  'a function': () => {},
  'a class': Point,
  'a symbol': Symbol('s'),
  'a boxed symbol': Object(Symbol('s')),
  'an instance of a class': new Point(),
  'an object made of another': Object.create({}),
  'a Promise': Promise.resolve(),
  'a WeakMap': new WeakMap(),
  'a WeakRef': new WeakRef({}),
  'a generator': (function* () {
    yield 1;
  })(),
  'an iterator': [].values(),
  'a Blob': new Blob(['x']),
  'a URL': new URL('file:///'),
  'an AbortSignal': new AbortController().signal,
  'a MessagePort': new MessageChannel().port1,
  'a SharedArrayBuffer': shared,
  'a view of shared memory': new Uint8Array(shared),
  'a DataView of shared memory': new DataView(shared),
  'a resizable ArrayBuffer': resizable,
  'a view that tracks a length': new Uint8Array(resizable),
  'a view of a resizable ArrayBuffer': new DataView(resizable, 0, 4),
  'a detached ArrayBuffer': detached,
  'a detached empty ArrayBuffer': emptyDetached,
  'a view without memory': detachedView,
  'a DataView without memory': detachedDataView,
  'two views of one ArrayBuffer': [new Uint8Array(twoViews), new Float64Array(twoViews)],
  'a view and its ArrayBuffer': [new Uint8Array(twoViews), twoViews],
  'Buffers that overlap': [Buffer.from(twoViews, 0, 9), Buffer.from(twoViews, 8)],
  'a match of a RegExp': 'abc'.match(/b/),
  'a long array with a name': Object.assign(new Array(500).fill(0), { name: 1 }),
  'an empty array with a name': Object.assign([], { name: 1 }),
  'something that looks like an array': Object.create(Array.prototype),
  'something that looks like a Map': Object.create(Map.prototype),
  'something that looks like an error': Object.create(Error.prototype),
  'something that looks like a view': Object.create(Uint8Array.prototype),
  'an array posing as an object': withPrototype([1], Object.prototype),
  'a Map posing as an object': withPrototype(new Map([[1, 2]]), Object.prototype),
  'a Date posing as nothing': withPrototype(new Date(), null),
  'a Float64Array posing as bytes': withPrototype(new Float64Array(1), Uint8Array.prototype),
  'an object of another realm': vm.runInNewContext('({})'),
  'an array of another realm': vm.runInNewContext('[]'),
  'a Map of another realm': vm.runInNewContext('new Map()'),
};
for (const Base of subclasses) {
  const Derived = class extends Base {};
  refused[`a subclass of ${Base.name}`] =
    Base === Promise ? Derived.resolve() : new Derived(...(Base === RegExp ? ['a'] : []));
}

for (const [name, value] of Object.entries(refused)) {
  test(`${name} is refused, at any depth`, () => {
    const wholes = [value, [value], { a: { b: value } }, new Map([[1, value]]), [value, value]];
    for (const whole of wholes) {
      assert.equal(roundTrip(whole), codec.NOT_PLAIN);
    }
    assert.deepEqual(roundTrip([1, { a: 2 }]), [1, { a: 2 }], 'and leaves nothing behind');
  });
}

test('a module namespace object is refused', async () => {
  assert.equal(roundTrip(await import('node:os')), codec.NOT_PLAIN);
});

test('a revoked Proxy throws as usual', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.throws(() => roundTrip({ proxy }), TypeError);
  assert.deepEqual(roundTrip({ a: 1 }), { a: 1 });
});

refused['a MessagePort'].close();
