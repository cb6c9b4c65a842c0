'use strict';

// Creates values of every kind that the codec carries, nested, shared and in cycles.

const { below, pick } = require('./random.js');

const numbers = [
  0,
  -0,
  1,
  -1,
  127,
  128,
  -128,
  255,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  0.1,
  NaN,
  Infinity,
  -Infinity,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
];
const bigints = [
  0n,
  1n,
  -1n,
  2n ** 63n - 1n,
  2n ** 63n,
  -(2n ** 63n),
  -(2n ** 63n) - 1n,
  3n ** 200n,
];
const strings = [
  '',
  'a',
  'name',
  '\0',
  'é',
  'ÿ',
  'Ā',
  '漢字',
  '\ud800',
  '\udc00x',
  'x\ud83d',
  '😀',
  '__proto__',
  'a'.repeat(31),
  'a'.repeat(32),
  'é'.repeat(31),
  'é'.repeat(40),
  '漢'.repeat(20),
  '漢'.repeat(400),
  'long text '.repeat(300),
  `${'a'.repeat(40)}\ud800`,
];
const keys = [
  'a',
  'b',
  'id',
  'name',
  'value',
  '__proto__',
  'constructor',
  'toString',
  'then',
  'length',
  '0',
  '1',
  '42',
  '-1',
  '4294967295',
  '1.5',
  '',
  'ключ',
  '\ud800',
  'a b',
  '"',
  '\\',
  '\u2028',
  'k'.repeat(200),
];
const views = [
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  globalThis.Float16Array,
].filter((View) => View !== undefined);
const errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

function primitive(random) {
  switch (below(random, 9)) {
    case 0:
      return undefined;
    case 1:
      return null;
    case 2:
      return random() < 0.5;
    case 3:
      return pick(random, bigints);
    case 4:
    case 5:
      return pick(random, strings);
    case 6:
      return below(random, 300) - 20;
    default:
      return pick(random, numbers);
  }
}

function binary(random) {
  const length = pick(random, [0, 1, 3, 64, 1023, 1024, 3000]);
  const buffer = new ArrayBuffer(8 * length);
  new Uint8Array(buffer).fill(below(random, 256));
  if (random() < 0.2) return buffer;
  if (random() < 0.2) return Buffer.from('some text'.repeat(below(random, 5)));
  const View = pick(random, views);
  if (length > 2 && random() < 0.5) return new View(buffer, 8, 1);
  return new View(buffer);
}

function leaf(random) {
  switch (below(random, 5)) {
    case 0:
      return new Date(pick(random, [0, -1, 1.7e12, NaN, 8.64e15]));
    case 1: {
      const expression = new RegExp(pick(random, ['a+', '', '/', '\\n', 'é|漢']), 'gy');
      expression.lastIndex = 3;
      return expression;
    }
    case 2:
      return Object(pick(random, [true, 1, -0, 'text', '', 5n]));
    default:
      return binary(random);
  }
}

// Defined, not assigned: `__proto__` is a key like any other.
function define(object, key, value) {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function createErrorLike(random, make) {
  const Class = pick(random, errors);
  const error = random() < 0.5 ? new Class(pick(random, strings)) : new Class();
  if (random() < 0.4) {
    Object.defineProperty(error, 'cause', {
      value: make(),
      enumerable: false,
      writable: true,
      configurable: true,
    });
  }
  if (random() < 0.5) define(error, 'code', 'ERR_OF_TEST');
  if (random() < 0.3) define(error, pick(random, ['details', 'errno', '0', '__proto__']), make());
  return error;
}

/** A value created from the numbers of `random`; the same value for the same numbers. */
function randomValue(random) {
  const made = [];
  let left = 60; // at most that many containers
  return make(0);

  function note(object) {
    made.push(object);
    return object;
  }

  function make(depth) {
    const choice = random();
    if (choice < 0.35 || left <= 0 || depth > 8) return primitive(random);
    if (choice < 0.42 && made.length > 0) return pick(random, made);
    if (choice < 0.5) return note(leaf(random));
    left--;
    return container(depth + 1);
  }

  function container(depth) {
    const size = below(random, pick(random, [3, 6, 30]));
    switch (below(random, 8)) {
      case 0:
        return array(size, depth);
      case 1:
        return holey(size, depth);
      case 2: {
        const map = note(new Map());
        for (let i = 0; i < size; i++) map.set(make(depth), make(depth));
        return map;
      }
      case 3: {
        const set = note(new Set());
        for (let i = 0; i < size; i++) set.add(make(depth));
        return set;
      }
      case 4:
        return note(createErrorLike(random, () => make(depth)));
      default: {
        const object = note(random() < 0.1 ? Object.create(null) : {});
        for (let i = 0; i < size; i++) define(object, pick(random, keys), make(depth));
        return object;
      }
    }
  }

  function array(size, depth) {
    const list = note([]);
    for (let i = 0; i < size; i++) list.push(make(depth));
    return list;
  }

  function holey(size, depth) {
    const list = note([]);
    list.length = pick(random, [size, 10, 300, 5000]);
    for (let i = 0; i < size; i++) list[below(random, list.length + 1)] = make(depth);
    return list;
  }
}

module.exports = { randomValue };
