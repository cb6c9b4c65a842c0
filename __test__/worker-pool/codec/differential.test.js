'use strict';

// The codec treats random values like structuredClone(). Only errors differ: structuredClone()
// drops their own properties, the codec keeps them; so errors are also compared with the original.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { codec, createRegistry, roundTrip } = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');
const { createRandom } = require('../../helpers/random.js');
const { randomValue } = require('../../helpers/codec-values.js');

const VALUES = 500;
const { SEED = String(Date.now() % 1e9) } = process.env;

/**
 * What structuredClone() makes of the value; `undefined` where it cannot. Node 20 does not read what
 * it has written of an error that is its own cause: of one random value in 30,000.
 */
function cloned(value) {
  try {
    return { copy: structuredClone(value) };
  } catch (error) {
    assert.equal(error.message, 'Unable to deserialize cloned data.');
    assert.match(process.version, /^v20\./);
    return undefined;
  }
}

function check(registry, seed) {
  codec.useShapes(registry);
  const tally = { refused: 0, carried: 0 };
  for (let i = 0; i < VALUES; i++) {
    const value = randomValue(createRandom(seed + i));
    const copy = roundTrip(value, i % 7);
    const where = `seed ${seed + i}`;
    if (copy === codec.NOT_PLAIN && value !== codec.NOT_PLAIN) {
      tally.refused++;
      continue;
    }
    tally.carried++;
    assert.equal(difference(value, copy), undefined, where);
    const host = cloned(value);
    if (host === undefined) continue;
    assert.equal(difference(host.copy, copy, { errorsAsCloned: true }), undefined, where);
  }
  return tally;
}

test('random values come out as from structuredClone()', () => {
  const { refused, carried } = check(createRegistry(), Number(SEED));
  assert.equal(refused, 0, `seed ${SEED}`);
  assert.equal(carried, VALUES);
});

test('random values come out right with a registry that is full at once, or soon', () => {
  assert.equal(check(createRegistry(0), Number(SEED)).refused, 0);
  assert.equal(check(createRegistry(20), Number(SEED)).refused, 0);
});

test('the comparison finds differences', () => {
  const shared = {};
  const pairs = [
    [
      [shared, shared],
      [{}, {}],
    ],
    [
      [{}, {}],
      [shared, shared],
    ],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [0, -0],
    [[,], [undefined]], // oxlint-disable-line no-sparse-arrays
    [new Error('a'), new Error('b')],
    [new Uint8Array(2), new Uint8Array(3)],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [{ x: new Date(0) }, { x: new Date(1) }],
    [new Set([1]), [1]],
  ];
  for (const [a, b] of pairs) assert.notEqual(difference(a, b), undefined);
});
