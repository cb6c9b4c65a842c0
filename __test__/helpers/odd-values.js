'use strict';

// Values that no caller should pass, for fuzzing: they answer junk, throw when touched, or imitate
// something else.

const { AsyncResource } = require('../../index.js');
const { below, pick } = require('./random.js');

const thrower = () => {
  throw new Error('thrown on purpose');
};
const TRAPS = [
  'apply',
  'construct',
  'defineProperty',
  'deleteProperty',
  'get',
  'getOwnPropertyDescriptor',
  'getPrototypeOf',
  'has',
  'isExtensible',
  'ownKeys',
  'preventExtensions',
  'set',
  'setPrototypeOf',
];

/** A proxy of `target` whose traps, all or those named, throw. */
function throwingProxy(target, traps = TRAPS) {
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, thrower])));
}

/** A proxy that answers `answer()` for every property. */
function answeringProxy(target, answer) {
  return new Proxy(target, { get: answer, has: () => true });
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function withOwn(fn, properties) {
  return Object.defineProperties(fn, Object.getOwnPropertyDescriptors(properties));
}

// Primitives and objects without behaviour.
const plain = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  1.5,
  NaN,
  Infinity,
  2 ** 53,
  0n,
  -1n,
  2n ** 70n,
  '',
  'name',
  'x'.repeat(1000),
  '\ud800',
  Symbol('odd'),
  Symbol.iterator,
  [],
  [1, 2],
  {},
  /x/,
  new Map(),
  new Date(NaN),
  Object.create(null),
  Object.freeze({}),
  Object.freeze([]),
  new Error('odd'),
  new Uint8Array(3),
  new WeakMap(),
  Promise.resolve(1),
  new Boolean(false),
  new String('type'),
  { defaultValue: 1, name: 'own' },
  { name: Symbol('name') },
  { triggerAsyncId: 1 },
  { triggerAsyncId: -2 },
  { triggerAsyncId: 1, requireManualDestroy: true },
  { __proto__: null, name: null },
  { length: -1 },
  { then: 1 },
];

let moods = 0;
const moody = () => (++moods % 3 === 0 ? thrower() : moods);

// Objects that throw or lie when they are read.
const hostile = [
  {
    get name() {
      return thrower();
    },
  },
  {
    get defaultValue() {
      return thrower();
    },
  },
  {
    get triggerAsyncId() {
      return thrower();
    },
    get requireManualDestroy() {
      return thrower();
    },
  },
  { name: { toString: thrower } },
  { toString: thrower, valueOf: thrower, [Symbol.toPrimitive]: thrower },
  {
    get constructor() {
      return thrower();
    },
    get then() {
      return thrower();
    },
  },
  {
    get [Symbol.toStringTag]() {
      return thrower();
    },
  },
  throwingProxy({}),
  throwingProxy(thrower),
  throwingProxy(new AsyncResource('Odd'), ['get']),
  throwingProxy(class {}, ['construct', 'get']),
  answeringProxy({}, () => undefined),
  answeringProxy({}, () => 1),
  answeringProxy({}, moody),
  answeringProxy({}, () => 'junk'),
  answeringProxy({}, () => Symbol('junk')),
  answeringProxy({}, () => ({})),
  answeringProxy(
    () => {},
    () => thrower,
  ),
  answeringProxy({}, (target, key, receiver) => receiver),
  new Proxy(new AsyncResource('Odd'), {}),
  revoked({}),
  revoked(() => {}),
  Object.create(throwingProxy({})),
  new Proxy([], {}),
];

// Functions that are called as callbacks; some of them cannot be.
const functions = [
  () => {},
  function () {
    return this;
  },
  async () => {},
  function* () {
    yield 1;
  },
  async function* () {
    yield 1;
  },
  class {},
  thrower,
  async () => {},
  Math.max,
  Symbol,
  Proxy,
  (...args) => args,
  (fn) => (typeof fn === 'function' ? fn.name : fn),
  withOwn(() => 1, { call: thrower, apply: thrower, bind: thrower }),
  withOwn(() => 1, {
    call: 1,
    apply: null,
    get name() {
      return thrower();
    },
  }),
  withOwn(() => 1, { name: Symbol('name'), length: 2 ** 40 }),
  withOwn(() => 1, { name: '', length: -1 }),
  Object.freeze(() => 1),
  Object.setPrototypeOf(() => 1, null),
  new Proxy(() => 1, {}),
  throwingProxy(() => 1, ['get', 'getOwnPropertyDescriptor', 'has']),
  (() => 1).bind(null, 1, 2, 3),
];

/** One value of everything, sometimes created anew. */
function oddValue(random) {
  switch (below(random, 8)) {
    case 0:
      return pick(random, hostile);
    case 1:
    case 2:
      return pick(random, functions);
    case 3:
      return Math.floor(random() * 2 ** 33) - 2 ** 32;
    case 4:
      return random().toString(36).slice(0, below(random, 12));
    default:
      return pick(random, plain);
  }
}

module.exports = { oddValue, oddFunction: (random) => pick(random, functions) };
