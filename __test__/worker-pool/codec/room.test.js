'use strict';

// Regions that are too small, values that throw, and values that encode other values while they are
// encoded.

const assert = require('node:assert/strict');
const { test, beforeEach } = require('node:test');
const {
  codec,
  createRegistry,
  detachedCopies,
  bytesOf,
} = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');
const { createRandom } = require('../../helpers/random.js');
const { randomValue } = require('../../helpers/codec-values.js');

const { NO_ROOM, NOT_PLAIN } = codec;
const decode = (region, position) =>
  codec.decode(region, position, detachedCopies(codec.attachments()));

beforeEach(() => codec.useShapes(createRegistry()));

const error = Object.assign(new AggregateError([new Error('a')], 'm', { cause: 1 }), {
  code: 'E',
  a: { b: 1 },
});
const values = {
  undefined,
  null: null,
  true: true,
  small: 5,
  int: -5,
  double: 0.5,
  empty: '',
  short: 'short',
  accent: 'é',
  wide: '漢字',
  long: 'x'.repeat(50),
  longWide: '漢'.repeat(50),
  bigint: 5n,
  huge: 2n ** 200n,
  emptyArray: [],
  array: [1, 'a'],
  holes: [1, ...new Array(2)],
  sparse: new Array(9),
  emptyObject: {},
  object: { a: 1, b: { c: 'text' } },
  date: new Date(),
  regexp: /a/g,
  map: new Map([[1, 'a']]),
  set: new Set(['a']),
  boxed: Object('boxed'),
  bytes: new Uint8Array(20),
  buffer: new ArrayBuffer(3),
  attached: new Uint8Array(20_000),
  error,
  shared: [error, error],
};

// With guard bytes around the room, which must not change.
function encodeInRoom(encode, value, room) {
  const memory = new Uint8Array(room + 64).fill(0xee);
  const region = codec.regionOf(memory.buffer);
  region.end = 32 + room;
  const end = encode(region, 32, value);
  const outside = [...memory.subarray(0, 32), ...memory.subarray(32 + room)];
  assert.equal(
    outside.every((byte) => byte === 0xee),
    true,
    'written outside',
  );
  return { region, end };
}

for (const [name, value] of Object.entries(values)) {
  for (const encode of [codec.encode, codec.encodeError]) {
    test(`${encode.name}() of ${name} takes exactly the room it needs`, () => {
      encode(codec.createRegion(4096), 0, value);
      encode(codec.createRegion(4096), 0, value);
      encode(codec.createRegion(4096), 0, value); // from now on with shapes
      const size = encode(codec.createRegion(4096), 0, value);
      assert.equal(size > 0, true);
      for (let room = 0; room < size; room++) {
        assert.equal(encodeInRoom(encode, value, room).end, NO_ROOM, `${room} of ${size}`);
      }
      const { region, end } = encodeInRoom(encode, value, size);
      assert.equal(end, 32 + size);
      assert.equal(difference(value, decode(region, 32)), undefined);
    });
  }
}

test('random values never leave a region that is too small', () => {
  codec.useShapes(createRegistry(0)); // the second time a value has the same size
  const random = createRandom(7);
  for (let i = 0; i < 150; i++) {
    const value = randomValue(random);
    const size = bytesOf(value).length;
    for (const part of [0, 0.1, 0.5, 0.9]) {
      const { end } = encodeInRoom(codec.encode, value, Math.floor(size * part));
      assert.equal(end, NO_ROOM);
    }
  }
});

test('an error of a getter is passed on, and leaves nothing behind', () => {
  const region = codec.createRegion(4096);
  const thrown = new Error('on purpose');
  const shared = { bytes: new Uint8Array(20_000) };
  const value = [
    shared,
    shared,
    {
      get a() {
        throw thrown;
      },
    },
  ];
  for (let i = 0; i < 3; i++) {
    assert.throws(
      () => codec.encode(region, 0, value),
      (error) => error === thrown,
    );
    assert.equal(region.writing, false);
    assert.equal(codec.attachments(), undefined);
    const end = codec.encode(region, 0, [shared]);
    assert.equal(region.bytes[0], 0x09, 'objects are not numbered');
    assert.equal(end > 0, true);
    assert.equal(codec.attachments().length, 1);
  }
});

test('a refused value, and one without room, leave nothing behind', () => {
  const region = codec.createRegion(64);
  const a = {};
  assert.equal(codec.encode(region, 0, [a, a, new Uint8Array(20_000), () => {}]), NOT_PLAIN);
  assert.equal(codec.attachments(), undefined);
  assert.equal(codec.encode(region, 0, [a, a, new Uint8Array(20_000), 'x'.repeat(60)]), NO_ROOM);
  assert.equal(codec.attachments(), undefined);
  assert.equal(codec.encode(region, 0, [a]), 10);
  assert.deepEqual(decode(region, 0), [{}]);
});

test('a getter may encode another value into another region', () => {
  const outer = codec.createRegion(4096);
  const inner = codec.createRegion(4096);
  const shared = { s: 1 };
  const results = [];
  const value = {
    shared,
    bytes: new Uint8Array(10_000).fill(1),
    get a() {
      const end = codec.encode(inner, 8, [shared, shared, new Uint8Array(20_000)]);
      results.push(end, decode(inner, 8));
      const throwing = {
        get b() {
          throw new Error('inner');
        },
      };
      assert.throws(() => codec.encode(inner, 8, throwing), /inner/);
      return 'after';
    },
    again: shared,
  };
  assert.equal(codec.encode(outer, 8, value) > 8, true);
  const copy = decode(outer, 8);
  assert.equal(copy.bytes[9999], 1);
  assert.equal(copy.a, 'after');
  assert.equal(copy.shared, copy.again);
  assert.equal(results.length, 2);
  assert.equal(results[1][0], results[1][1]);
  assert.equal(results[1][2].length, 20_000);
});

test('a getter cannot encode into the region that receives its value', () => {
  const region = codec.createRegion(4096);
  const codes = [];
  const value = {
    first: 'first',
    get a() {
      assert.equal(region.writing, true);
      codes.push(codec.encode(region, 0, { other: 1 }));
      codes.push(codec.encodeError(region, 0, new Error('e')));
      return 2;
    },
  };
  assert.equal(codec.encode(region, 0, value) > 0, true);
  assert.deepEqual(codes, [NOT_PLAIN, NO_ROOM]);
  assert.deepEqual(decode(region, 0), { first: 'first', a: 2 });
});
