'use strict';

// Shapes: when objects get a number, and objects that never get one.

const assert = require('node:assert/strict');
const { join } = require('node:path');
const { test } = require('node:test');
const { codec, createRegistry, roundTrip, bytesOf } = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');
const { runProgram } = require('../../helpers/program.js');

const KEYED = 0x0d;
const SHAPED = 0x0c;

test('keys that do not recur get no number', () => {
  const registry = createRegistry();
  codec.useShapes(registry);
  for (let i = 0; i < 20_000; i++) {
    const value = { [`key-${i}`]: i };
    if (i % 1000 === 0) assert.deepEqual(roundTrip(value), value);
    else bytesOf(value);
  }
  assert.equal(registry.texts.length, 0);
});

test('a shape is learnt again after the trie was dropped, with the same number', () => {
  const registry = createRegistry();
  codec.useShapes(registry);
  const value = { id: 1, name: 'n' };
  for (let i = 0; i < 2; i++) assert.equal(bytesOf(value)[0], KEYED);
  const bytes = bytesOf(value);
  assert.equal(bytes[0], SHAPED);
  for (let i = 0; i < 10_000; i++) bytesOf({ [`key-${i}`]: i });
  for (let i = 0; i < 2; i++) assert.equal(bytesOf(value)[0], KEYED);
  assert.deepEqual(bytesOf(value), bytes);
  assert.equal(registry.texts.length, 1);
});

test('an object with very many or very long keys carries its keys', () => {
  const registry = createRegistry();
  codec.useShapes(registry);
  const many = Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i]));
  const long = { a: 1, ['x'.repeat(1000)]: 2, b: 3 };
  const limit = Object.fromEntries(Array.from({ length: 128 }, (_, i) => [`k${i}`, i]));
  for (let i = 0; i < 3; i++) {
    for (const value of [many, long, limit]) {
      assert.equal(difference(value, roundTrip(value)), undefined);
    }
  }
  assert.deepEqual(registry.texts, [JSON.stringify(Object.keys(limit))]);
});

test('the registry is rarely asked, with the count of the keys', () => {
  const asked = [];
  codec.useShapes({ first: 0, id: (text, uses) => asked.push(uses) && -1, keys() {} });
  for (let i = 0; i < 1000; i++) assert.equal(bytesOf({ asked: i })[0], KEYED);
  assert.deepEqual(asked, [3, 6, 12, 24, 48, 96, 192, 384, 768]);
});

test('numbers may begin anywhere', () => {
  const { id, keys } = createRegistry();
  const first = 4_000_000_000 >>> 1;
  codec.useShapes({
    first,
    id: (text) => first + id(text),
    keys: (number) => keys(number - first),
  });
  for (let i = 0; i < 20; i++) assert.deepEqual(roundTrip({ begins: i }), { begins: i });
  assert.equal(bytesOf({ begins: 1 }).readUInt32LE(1), first);
});

test('when the registry is full, objects carry their keys', () => {
  codec.useShapes(createRegistry(1));
  for (let i = 0; i < 4; i++) {
    assert.deepEqual(roundTrip({ a: 1 }), { a: 1 });
    assert.deepEqual(roundTrip({ b: { a: 1 } }), { b: { a: 1 } });
  }
  assert.equal(bytesOf({ a: 1 })[0], SHAPED);
  assert.equal(bytesOf({ b: 1 })[0], KEYED);
});

test('numbers that are far apart are found', () => {
  const registry = createRegistry();
  for (let i = 0; i < 60_000; i++) registry.id(`["filler${i}"]`);
  codec.useShapes(registry);
  for (let i = 0; i < 4; i++) assert.deepEqual(roundTrip({ far: i }), { far: i });
});

test('objects come out right if code generation is forbidden', async () => {
  const program = (directory) => {
    const { codec, createRegistry, roundTrip } = require(`${directory}/codec-round-trip.js`);
    codec.useShapes(createRegistry());
    const copies = [];
    for (let i = 0; i < 40; i++) copies.push(JSON.stringify(roundTrip({ a: i, b: { c: [] } })));
    let refused = false;
    try {
      new Function('');
    } catch {
      refused = true;
    }
    return [refused, copies.length, copies[39]];
  };
  const result = await runProgram(program, {
    data: join(__dirname, '../../helpers'),
    args: ['--disallow-code-generation-from-strings'],
  });
  assert.deepEqual(result, [true, 40, '{"a":39,"b":{"c":[]}}']);
});
