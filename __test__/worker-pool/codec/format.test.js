'use strict';

// The bytes of values, as README.md of the codec describes them.

const assert = require('node:assert/strict');
const { test, beforeEach } = require('node:test');
const { codec, createRegistry, bytesOf } = require('../../helpers/codec-round-trip.js');

let registry;

beforeEach(() => {
  registry = createRegistry();
  codec.useShapes(registry);
});

const hex = (value) => bytesOf(value).toString('hex');

const primitives = [
  [undefined, '00'],
  [null, '01'],
  [false, '02'],
  [true, '03'],
  [0, '80'],
  [1, '81'],
  [127, 'ff'],
  [128, '0480000000'],
  [-1, '04ffffffff'],
  [2 ** 31 - 1, '04ffffff7f'],
  [2 ** 31, '05000000000000e041'],
  [0.5, '05000000000000e03f'],
  [-0, '050000000000000080'],
  [NaN, '05000000000000f87f'],
  ['', '0600'],
  ['ab', '06026162'],
  ['é', '0601e9'],
  ['a'.repeat(31), `061f${'61'.repeat(31)}`],
  ['a'.repeat(32), `0720000000${'61'.repeat(32)}`],
  ['é'.repeat(32), `0720000000${'e9'.repeat(32)}`],
  ['Ā', '08020000000001'],
  ['\ud800', '080200000000d8'],
  [1n, '0e0100000000000000'],
  [-1n, '0effffffffffffffff'],
  [2n ** 63n, '0f00061038' + '30'.repeat(15)],
  [-(2n ** 64n), `0f01061131${'30'.repeat(16)}`],
];

for (const [value, bytes] of primitives) {
  test(`${typeof value} ${String(value).slice(0, 12)} is ${bytes.slice(0, 20)}`, () => {
    assert.equal(hex(value), bytes);
  });
}

const objects = [
  ['an array', [1, [2]], '0902000000' + '81' + '090100000082'],
  // oxlint-disable-next-line no-sparse-arrays
  ['holes', [1, , , 4], '0a04000000' + '81' + '0b02000000' + '84'],
  ['no element but a length', new Array(1e9), '0a00ca9a3b' + '0b00ca9a3b'],
  ['an object without keys', {}, '0d00000000'],
  ['a Date', new Date(0), '100000000000000000'],
  ['a RegExp', /a/g, '11060161060167'],
  ['a Map', new Map([[1, 2]]), '12010000008182'],
  ['a Set', new Set([3]), '130100000083'],
  ['a boxed number', Object(1), '1481'],
  ['a Uint8Array', Uint8Array.of(9), '15030100000009'],
  ['an ArrayBuffer', new ArrayBuffer(2), '1500020000000000'],
];

for (const [name, value, bytes] of objects) {
  test(`${name} is ${bytes}`, () => assert.equal(hex(value), bytes));
}

test('an object carries its keys at first, and a number from the third time on', () => {
  const keyed = '0d02000000' + '8102' + '060161' + '060162';
  for (let i = 0; i < 2; i++) assert.equal(hex({ a: 1, b: false }), keyed);
  assert.equal(hex({ a: 1, b: false }), '0c000000008102');
  assert.deepEqual(registry.texts, ['["a","b"]']);
  for (let i = 0; i < 2; i++) assert.equal(hex({ b: 1 }), '0d0100000081060162');
  assert.equal(hex({ b: 1 }), '0c0100000081');
});

test('unpaired surrogates are escaped in the text of a shape', () => {
  for (let i = 0; i < 3; i++) hex({ '\ud800': 1 });
  assert.deepEqual(registry.texts, ['["\\ud800"]']);
});

test('an error is a record', () => {
  const error = Object.assign(new TypeError('no'), { code: 'E' });
  Object.defineProperty(error, 'stack', { value: undefined });
  assert.equal(hex(error), '17052206026e6f010000000604636f6465060145');
});

test('objects are numbered when one of them comes twice', () => {
  const shared = [];
  assert.equal(hex([shared, shared]), '18' + '0902000000' + '0900000000' + '1901000000');
  const cycle = [];
  cycle.push(cycle);
  assert.equal(hex(cycle), '18' + '0901000000' + '1900000000');
});

// Smaller data lies in the packet.
const ATTACHED_FROM = 8192;

test('large binary data is attached to the packet', () => {
  const region = codec.createRegion(64);
  const large = new Uint8Array(ATTACHED_FROM + 1).subarray(1);
  assert.equal(codec.encode(region, 0, [large]), 11);
  assert.equal(Buffer.from(region.bytes.subarray(5, 11)).toString('hex'), '160300000000');
  const pieces = codec.attachments();
  assert.equal(pieces.length, 1);
  assert.equal(pieces[0].buffer, large.buffer);
  assert.deepEqual([pieces[0].byteOffset, pieces[0].byteLength], [1, ATTACHED_FROM]);
  assert.equal(codec.attachments(), undefined);
});

test('invalid encodings are refused', () => {
  const packets = [
    '7f',
    '0b01000000',
    '09ffffffff',
    '0dffffffff',
    '1500ffffff7f',
    '17ff00',
    '0c0900',
  ];
  for (const bytes of packets) {
    const region = codec.createRegion(16);
    region.bytes.set(Buffer.from(bytes, 'hex'));
    assert.throws(() => codec.decode(region, 0), Error, bytes);
  }
});
