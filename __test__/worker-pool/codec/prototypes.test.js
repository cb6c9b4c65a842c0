'use strict';

// Objects whose prototype was replaced: structuredClone() goes by their internal kind, and so must
// the codec, or leave them to a port, which clones as structuredClone() does.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { types } = require('node:util');
const { codec, createRegistry, roundTrip } = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');

const kinds = {
  'a plain object': () => ({}),
  'an array': () => [1, 2],
  'a Map': () => new Map([[1, 2]]),
  'a Set': () => new Set([1]),
  'a Date': () => new Date(5),
  'a RegExp': () => /a/g,
  'a boxed boolean': () => Object(true),
  'a boxed number': () => Object(1),
  'a boxed string': () => Object('s'),
  'a boxed BigInt': () => Object(1n),
  'a boxed symbol': () => Object(Symbol('s')),
  'an Error': () => new RangeError('m'),
  'an ArrayBuffer': () => new ArrayBuffer(2),
  'a SharedArrayBuffer': () => new SharedArrayBuffer(2),
  'a Uint8Array': () => Uint8Array.of(1, 2),
  'a Float64Array': () => Float64Array.of(1),
  'a DataView': () => new DataView(new ArrayBuffer(2)),
  'a Promise': () => Promise.resolve(1),
  'a WeakMap': () => new WeakMap(),
  'a WeakSet': () => new WeakSet(),
  'an iterator of a Map': () => new Map().keys(),
  'an iterator of a Set': () => new Set().keys(),
  'a generator': () =>
    (function* generate() {
      yield 1;
    })(),
};
const prototypes = {
  'as it is': undefined,
  'none': null,
  'Object.prototype': Object.prototype,
  'Array.prototype': Array.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'Date.prototype': Date.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Number.prototype': Number.prototype,
  'Error.prototype': Error.prototype,
  'Uint8Array.prototype': Uint8Array.prototype,
  'DataView.prototype': DataView.prototype,
  'Promise.prototype': Promise.prototype,
  'that of a class': class Own {}.prototype,
};
const ownKeys = { 'without keys': [], 'with a key': ['only'], 'with keys': ['own', 'other'] };

function outcomeOf(clone, value) {
  try {
    return { value: clone(value) };
  } catch (error) {
    return { refused: error.name };
  }
}

// The port's copy of a value that the codec refuses.
function throughPool(value) {
  const copy = roundTrip(value);
  return copy === codec.NOT_PLAIN ? structuredClone(value) : copy;
}

for (const [kind, create] of Object.entries(kinds)) {
  test(`${kind} with any prototype is encoded by its kind or refused`, () => {
    codec.useShapes(createRegistry());
    for (const [title, prototype] of Object.entries(prototypes)) {
      for (const [keys, names] of Object.entries(ownKeys)) {
        const value = create();
        if (prototype !== undefined) Object.setPrototypeOf(value, prototype);
        for (const name of names) {
          Object.defineProperty(value, name, {
            value: name,
            enumerable: true,
            writable: true,
            configurable: true,
          });
        }
        // Here errors keep their own keys.
        const options = { errorsAsCloned: true, stacks: false };
        const expected = outcomeOf(structuredClone, value);
        for (let time = 0; time < 4; time++) {
          const received = outcomeOf(throughPool, value);
          const where = `${title}, ${keys}, ${time}`;
          assert.equal(received.refused, expected.refused, where);
          if ('refused' in expected) continue;
          const found = difference(expected.value, received.value, options);
          assert.equal(found, undefined, where);
          assert.equal(types.isMap(received.value), types.isMap(value), where);
        }
      }
    }
  });
}
