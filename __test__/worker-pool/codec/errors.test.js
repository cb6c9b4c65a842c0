'use strict';

// Errors keep the properties that structuredClone() drops, and every thrown value arrives as some
// value.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');
const {
  codec,
  createRegistry,
  roundTrip,
  roundTripError,
} = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');

codec.useShapes(createRegistry());

const descriptor = Object.getOwnPropertyDescriptor;
const classes = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

test('every standard class arrives as itself, with all its properties', () => {
  for (const Class of classes) {
    const error = Object.assign(new Class('what', { cause: { why: [1] } }), {
      code: 'ERR_X',
      errno: -2,
      details: { list: [new Date(0)] },
      none: undefined,
    });
    for (const copy of [roundTrip(error), roundTripError(error), roundTrip({ error }).error]) {
      assert.equal(Object.getPrototypeOf(copy), Class.prototype);
      assert.equal(difference(error, copy), undefined);
      assert.deepEqual(Object.keys(copy), ['code', 'errno', 'details', 'none']);
      for (const key of ['message', 'stack', 'cause']) {
        const { enumerable, writable, configurable } = descriptor(copy, key);
        assert.deepEqual([key, enumerable, writable, configurable], [key, false, true, true]);
      }
    }
  }
});

test('an error without message or cause arrives without them', () => {
  const copy = roundTrip(new RangeError());
  assert.deepEqual(Object.getOwnPropertyNames(copy), ['stack']);
  assert.equal(copy.message, '');
  assert.deepEqual(descriptor(roundTrip(new Error('', { cause: undefined })), 'cause'), {
    value: undefined,
    writable: true,
    enumerable: false,
    configurable: true,
  });
});

test('an AggregateError keeps its errors, with a substitute for each that cannot be cloned', () => {
  const cause = new Error('cause');
  const error = new AggregateError([new TypeError('a'), 1, () => {}, cause], 'all', { cause });
  const copy = roundTrip(error);
  assert.equal(Object.getPrototypeOf(copy), AggregateError.prototype);
  assert.equal(copy.message, 'all');
  assert.equal(descriptor(copy, 'errors').enumerable, false);
  assert.equal(copy.errors.length, 4);
  assert.equal(copy.errors[0] instanceof TypeError, true);
  assert.equal(copy.errors[1], 1);
  assert.match(copy.errors[2].message, /Cannot be cloned: \[Function/);
  assert.equal(copy.errors[3], copy.cause);
});

test('an error of a custom class becomes the nearest standard one and keeps its name', () => {
  class OwnName extends TypeError {
    name = 'OwnName';
  }
  class PrototypeName extends RangeError {
    get name() {
      return 'PrototypeName';
    }
  }
  const own = roundTrip(new OwnName('m'));
  assert.equal(Object.getPrototypeOf(own), TypeError.prototype);
  assert.deepEqual([own.name, Object.keys(own)], ['OwnName', ['name']]);
  const inherited = roundTrip(new PrototypeName('m'));
  assert.equal(Object.getPrototypeOf(inherited), RangeError.prototype);
  assert.deepEqual([inherited.name, Object.keys(inherited)], ['PrototypeName', []]);
});

test('errors of Node, of the DOM and of another realm arrive', () => {
  const nodes = (() => {
    try {
      return new URL('no');
    } catch (error) {
      return error;
    }
  })();
  assert.equal(roundTrip(nodes).code, 'ERR_INVALID_URL');
  const exception = new DOMException('stop', 'AbortError');
  const copy = roundTrip(exception);
  assert.equal(Object.getPrototypeOf(copy) === DOMException.prototype, true);
  assert.deepEqual(
    [copy.name, copy.message, copy.code, copy.stack],
    ['AbortError', 'stop', 20, exception.stack],
  );
  const foreign = roundTrip(vm.runInNewContext('new SyntaxError("there")'));
  assert.equal(Object.getPrototypeOf(foreign), SyntaxError.prototype);
  assert.equal(foreign.message, 'there');
});

test('parts of an error that cannot be encoded are left out, the rest travels', () => {
  const error = new Error('m', { cause: () => {} });
  const shared = {};
  const bytes = new Uint8Array(9001);
  Object.assign(error, {
    before: shared,
    fn() {},
    list: [1, {}, () => {}],
    port: new Proxy({}, {}),
    after: shared,
    bytes: [bytes, Buffer.from('pooled'), Symbol('s')],
    kept: bytes,
    last: shared,
  });
  Object.defineProperty(error, 'getter', {
    get() {
      throw new Error('get');
    },
    enumerable: true,
  });
  const copy = roundTrip(error);
  assert.deepEqual(Object.keys(copy), ['before', 'port', 'after', 'kept', 'last']);
  assert.equal(copy.before, copy.after);
  assert.equal(copy.before, copy.last);
  assert.equal(copy.kept.length, 9001);
  assert.match(copy.cause.message, /Cannot be cloned/);
});

test('parts are also left out when so many objects were met that they are in a Map', () => {
  const error = new Error('m');
  error.many = Array.from({ length: 40 }, () => ({}));
  const tried = {};
  error.bad = [error.many[39], {}, tried, () => {}];
  error.good = [error.many[0], error.many[39], {}, tried, tried];
  const copy = roundTrip(error);
  assert.deepEqual(Object.keys(copy), ['many', 'good']);
  assert.equal(copy.good[0], copy.many[0]);
  assert.equal(copy.good[1], copy.many[39]);
  assert.deepEqual(copy.good.slice(2), [{}, {}, {}]);
  assert.notEqual(copy.good[2], copy.good[3]);
  assert.equal(copy.good[3], copy.good[4]);
});

test('thrown primitives and plain values arrive unchanged', () => {
  for (const thrown of [undefined, null, 0, -0, 'text', 10n, true, { code: 1 }, [new Error('e')]]) {
    assert.equal(difference(thrown, roundTripError(thrown)), undefined);
  }
});

class Odd {
  constructor() {
    Object.assign(this, { code: 'ODD', self: this, fn() {}, map: new Map([[1, this]]) });
  }

  get message() {
    return 'odd message';
  }
}

const thrower = () => {
  throw new Error('thrown on purpose');
};
const traps = ['get', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'has', 'ownKeys'];
const throwingProxy = (target) =>
  new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, thrower])));
const moody = () => {
  let calls = 0;
  const getPrototypeOf = () => (calls++ % 2 === 0 ? Object.prototype : thrower());
  return new Proxy({}, { getPrototypeOf });
};
const hostile = {
  'a function': () => {},
  'a symbol': Symbol('s'),
  'a plain object with a function': { fn() {} },
  'a throwing proxy': throwingProxy({}),
  'a throwing proxy of an error': throwingProxy(new Error('e')),
  'a revoked proxy': (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })(),
  'a moody proxy': moody(),
  'a throwing getter': {
    get a() {
      return thrower();
    },
  },
  'an error that throws': Object.defineProperties(new Error('e'), {
    stack: { get: thrower },
    message: { get: thrower },
    name: { get: thrower },
    cause: { get: thrower },
    code: { get: thrower, enumerable: true },
  }),
  'an error with odd parts': Object.defineProperties(new Error('e'), {
    stack: { value: 1 },
    message: { value: Symbol('m') },
    name: { value: {} },
  }),
  'an error whose message cannot be a string': Object.assign(new Error(), {
    message: { toString: thrower },
  }),
  'an error over a throwing prototype': Object.setPrototypeOf(new Error('e'), throwingProxy({})),
  'errors that are no list': Object.defineProperty(new AggregateError([]), 'errors', { value: 1 }),
  'a Promise': Promise.resolve(),
  'a Map with a function': new Map([[1, () => {}]]),
};

for (const [name, thrown] of Object.entries(hostile)) {
  test(`${name} that is thrown arrives as an error`, () => {
    for (const whole of [
      thrown,
      new Error('outer', { cause: thrown }),
      new AggregateError([thrown, thrown, {}], 'all', { cause: thrown }),
    ]) {
      const copy = roundTripError(whole);
      assert.equal(copy instanceof Error, true);
      assert.equal(typeof copy.message, 'string');
      assert.equal(typeof copy.stack, 'string');
    }
    // Later references still refer to the right objects.
    const shared = {};
    const [, second, third, fourth] = roundTripError(
      new AggregateError([thrown, thrown, { shared }, shared]),
    ).errors;
    assert.equal(second instanceof Error, true);
    assert.equal(third.shared, fourth);
    assert.deepEqual(roundTrip({ a: 1 }), { a: 1 });
  });
}

test('a thrown instance of a class keeps its visible properties', () => {
  const copy = roundTripError(new Odd());
  assert.equal(Object.getPrototypeOf(copy), Error.prototype);
  assert.equal(copy.message, 'odd message');
  assert.deepEqual(Object.keys(copy), ['code', 'self', 'map']);
  assert.equal(copy.self, copy);
  assert.equal(copy.map.get(1), copy);
});

test('a long chain of causes ends soon', () => {
  let error = new Error('0');
  for (let i = 1; i < 2000; i++) error = new Error(`${i}`, { cause: { bad() {}, inner: error } });
  assert.equal(roundTripError(error).message, '1999');
  for (let i = 1; i < 2000; i++) error = new Error(`${i}`, { cause: error });
  let length = 0;
  for (let at = roundTripError(error); at !== undefined; at = at.cause) length++;
  assert.equal(length, 501);
});

test('no stack is formatted when an error arrives', (t) => {
  const { prepareStackTrace } = Error;
  t.after(() => {
    Error.prepareStackTrace = prepareStackTrace;
  });
  const region = codec.createRegion(4096);
  const error = new TypeError('m');
  const { stack } = error;
  codec.encode(region, 0, error);
  let calls = 0;
  Error.prepareStackTrace = () => ++calls;
  const copy = codec.decode(region, 0);
  assert.equal(copy.stack, stack);
  assert.equal(calls, 0);
});

test('the limit of stack frames is unchanged, even if it is odd', (t) => {
  const limit = descriptor(Error, 'stackTraceLimit');
  t.after(() => Object.defineProperty(Error, 'stackTraceLimit', limit));
  for (const value of [10, 0, Infinity, 'odd', undefined]) {
    Error.stackTraceLimit = value;
    assert.equal(roundTrip(new Error('m')).message, 'm');
    assert.equal(Error.stackTraceLimit, value);
  }
  delete Error.stackTraceLimit;
  assert.equal(roundTrip(new Error('m')).stack, 'Error: m');
  assert.equal('stackTraceLimit' in Error, false);
});
