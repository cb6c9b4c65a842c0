'use strict';

// Values of every kind come out of the codec unchanged.

const assert = require('node:assert/strict');
const { test, beforeEach } = require('node:test');
const { codec, createRegistry, roundTrip } = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');

beforeEach(() => codec.useShapes(createRegistry()));

// Three times: with keys, by shape, and with the caches of earlier rounds.
function carries(value) {
  for (let i = 0; i < 3; i++) {
    const copy = roundTrip(value);
    assert.equal(difference(value, copy), undefined);
    assert.equal(difference(structuredClone(value), copy), undefined);
  }
}

test('keys keep their order, and unusual keys are keys', () => {
  carries(JSON.parse('{"b":1,"2":2,"a":3,"1":4,"__proto__":5,"constructor":6,"":7,"\\ud800":8}'));
  carries({ ['__proto__']: { polluted: true } });
  assert.equal(Object.getPrototypeOf(roundTrip({ ['__proto__']: [] })), Object.prototype);
});

test('an object without a prototype gets one', () => {
  assert.equal(Object.getPrototypeOf(roundTrip(Object.create(null))), Object.prototype);
  carries(Object.assign(Object.create(null), { a: 1 }));
});

test('inherited, non-enumerable and symbol properties are left out', () => {
  const value = Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'hidden', { value: 3 });
  assert.deepEqual(roundTrip(value), { a: 1 });
});

test('properties on Object.prototype do not count as own ones', (t) => {
  carries({ a: 1 });
  Object.defineProperty(Object.prototype, 'inherited', {
    value: 1,
    enumerable: true,
    configurable: true,
  });
  t.after(() => delete Object.prototype.inherited);
  for (const value of [{ a: 1 }, {}, { a: { b: 1 }, inherited: 2 }, Object.create(null)]) {
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(Object.entries(roundTrip(value)), Object.entries(structuredClone(value)));
    }
  }
});

test('setters on Object.prototype are not called', (t) => {
  let calls = 0;
  Object.defineProperty(Object.prototype, 'trap', {
    set() {
      calls++;
    },
    get() {
      return ++calls;
    },
    configurable: true,
  });
  t.after(() => delete Object.prototype.trap);
  const value = { ['trap']: 1 };
  for (let i = 0; i < 40; i++) assert.equal(Object.hasOwn(roundTrip(value), 'trap'), true);
  assert.equal(Object.hasOwn(roundTrip([value, value])[1], 'trap'), true);
  assert.equal(calls, 0);
});

test('a frequent object is compiled and comes out the same', () => {
  const value = { a: 1, ['__proto__']: 2, 'it"s': [{ b: '\u2028' }], 7: null };
  for (let i = 0; i < 50; i++) assert.equal(difference(value, roundTrip(value)), undefined);
});

test('a getter is called once, and its value is sent', () => {
  let calls = 0;
  const shared = {};
  const value = {
    get a() {
      return ++calls;
    },
    first: shared,
    second: shared,
  };
  assert.deepEqual(roundTrip(value), { a: 1, first: {}, second: {} });
});

test('arrays keep their length and their holes', () => {
  const sparse = [];
  sparse[1_000_000_000] = 'end';
  sparse[5] = undefined;
  const copy = roundTrip(sparse);
  assert.deepEqual(Object.keys(copy), ['5', '1000000000']);
  assert.equal(copy.length, 1_000_000_001);
  const holes = new Array(300);
  holes[0] = holes[100] = holes[101] = holes[299] = 1;
  // oxlint-disable-next-line no-sparse-arrays
  for (const value of [new Array(3), new Array(200), holes, [, 1], [1, , undefined]]) {
    carries(value);
  }
  carries(Array.from({ length: 5000 }, (_, i) => i));
});

test('text of every length and width comes out unchanged', () => {
  for (const length of [0, 1, 30, 31, 32, 33, 255, 256, 70_000]) {
    for (const unit of ['a', 'é', '漢', '\ud800']) {
      carries(unit.repeat(length));
      carries(`${'a'.repeat(length)}${unit}`);
    }
  }
});

test('short strings with the same place in the cache are distinguished', () => {
  for (let i = 0; i < 5000; i++) assert.equal(roundTrip(`a${i}b`), `a${i}b`);
  assert.deepEqual(roundTrip(['axxb', 'ayxb', 'axxb', 'axyb']), ['axxb', 'ayxb', 'axxb', 'axyb']);
});

test('small Buffers of one pool travel separately', () => {
  const buffers = ['a', 'bc', ''].map((text) => Buffer.from(text));
  assert.equal(buffers[0].buffer, buffers[1].buffer);
  const copies = roundTrip(buffers);
  assert.deepEqual(
    copies.map((bytes) => `${Buffer.from(bytes)}`),
    ['a', 'bc', ''],
  );
  for (const bytes of copies) {
    assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
    assert.equal(bytes.buffer.byteLength, bytes.length);
  }
});

test('Map, Set, Date, RegExp and boxed primitives come out unchanged', () => {
  const regexp = /a(?<x>b)/dgimsuy;
  regexp.lastIndex = 5;
  const value = [
    new Map([
      [{ a: 1 }, new Set([1, {}])],
      [NaN, -0],
    ]),
    new Set(),
    new Date(NaN),
    new Date(5),
    regexp,
    Object(true),
    Object(false),
    Object(''),
    Object('text'),
    Object(-0),
    Object(3n),
  ];
  carries(value);
  assert.equal(roundTrip(regexp).lastIndex, 0);
});

test('cycles and shared objects of every kind of container come out unchanged', () => {
  const map = new Map();
  const set = new Set();
  const error = new Error('in a cycle');
  const value = { map, set, error, list: [] };
  map.set(value, map).set('set', set);
  set.add(set).add(map);
  error.cause = value;
  error.self = error;
  value.list.push(value.list, value, error, map);
  const copy = roundTrip(value);
  assert.equal(difference(value, copy), undefined);
  assert.equal(copy.error.cause, copy);
  const leaves = [
    new Date(1),
    /a/,
    Object(1),
    Object(1n),
    new Uint8Array(1),
    new ArrayBuffer(9000),
    new Error('e'),
    {},
    [],
    new DataView(new ArrayBuffer(4)),
    new Float64Array(5000),
  ];
  carries([...leaves, ...leaves.toReversed()]);
});

test('references are right among many objects', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ i }));
  carries([...many, many[0], many[24], many[25], many[26], many[499]]);
  carries(many);
});

test('deep nesting is encoded up to a limit and refused beyond it', () => {
  const nested = (depth, wrap) => (depth === 0 ? 0 : wrap(nested(depth - 1, wrap)));
  const wraps = [(x) => [x], (x) => ({ x }), (x) => new Map([[x, 1]]), (x) => new Set([x])];
  for (const wrap of wraps) {
    assert.equal(difference(nested(500, wrap), roundTrip(nested(500, wrap))), undefined);
    assert.equal(roundTrip(nested(501, wrap)), codec.NOT_PLAIN);
  }
  let deepest = [];
  for (let i = 0; i < 100_000; i++) deepest = i % 2 === 0 ? [deepest] : { deepest };
  assert.equal(roundTrip(deepest), codec.NOT_PLAIN);
});

test('a Proxy of a plain object or array is read like its target', () => {
  assert.deepEqual(roundTrip(new Proxy({ a: 1 }, {})), { a: 1 });
  assert.deepEqual(roundTrip(new Proxy([1, 2], {})), [1, 2]);
});
