'use strict';

// Values for another process: without shapes, whatever this one has learnt, and else the same.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const {
  codec,
  createRegistry,
  bytesOf,
  detachedCopies,
} = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');
const { randomValue } = require('../../helpers/codec-values.js');
const { createRandom } = require('../../helpers/random.js');

const KEYED = 0x0d;
const SHAPED = 0x0c;
const POSITION = 5;

const region = codec.createRegion(1 << 22);

/** What another process makes of it: one that knows no shapes. */
function elsewhere(encode, value) {
  const end = encode(region, POSITION, value);
  if (end < 0) return end;
  const attached = detachedCopies(codec.attachments());
  codec.useShapes({
    first: 0,
    id: () => -1,
    keys(id) {
      throw new Error(`the shape ${id} is not known elsewhere`);
    },
  });
  return codec.decode(region, POSITION, attached);
}

test('an object carries its keys, also if they have a number', () => {
  codec.useShapes(createRegistry());
  const value = { id: 1, nested: [{ name: 'n' }], ['__proto__']: 2 };
  for (let i = 0; i < 3; i++) bytesOf(value);
  assert.equal(bytesOf(value)[0], SHAPED);
  codec.encodeSelfContained(region, POSITION, value);
  assert.equal(region.bytes[POSITION], KEYED);
  assert.equal(difference(value, elsewhere(codec.encodeSelfContained, value)), undefined);
});

test('so does what is in an error', () => {
  codec.useShapes(createRegistry());
  const order = { id: 7, items: [{ count: 1 }, { count: 2 }, { count: 3 }, { count: 4 }] };
  for (let i = 0; i < 4; i++) bytesOf(order);
  const error = Object.assign(new TypeError('no'), { code: 'E', order });
  const read = elsewhere(codec.encodeErrorSelfContained, error);
  assert.ok(read instanceof TypeError);
  assert.deepEqual([read.code, read.order, read.stack], ['E', order, error.stack]);
});

test('only own properties travel, and what is not plain is refused as before', () => {
  codec.useShapes(createRegistry());
  const inherited = Object.create(null, { own: { value: 1, enumerable: true } });
  assert.deepEqual(elsewhere(codec.encodeSelfContained, inherited), { own: 1 });
  const disguised = Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype);
  assert.equal(codec.encodeSelfContained(region, POSITION, disguised), codec.NOT_PLAIN);
  assert.equal(codec.encodeSelfContained(region, POSITION, { f() {} }), codec.NOT_PLAIN);
  assert.equal(codec.encodeSelfContained(codec.createRegion(6), 0, [1, 2]), codec.NO_ROOM);
});

test('random values arrive as they are', () => {
  for (let seed = 1; seed <= 300; seed++) {
    codec.useShapes(createRegistry());
    const value = randomValue(createRandom(seed));
    const end = codec.encode(region, POSITION, value);
    codec.attachments();
    const read = elsewhere(codec.encodeSelfContained, value);
    if (end < 0) assert.equal(read, end);
    else assert.equal(difference(value, read), undefined, `seed ${seed}`);
  }
});
