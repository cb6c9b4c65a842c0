'use strict';

// No value takes more than linear time. The tests count operations instead of time: how often the
// keys of an object are listed, how often its properties are read, how many bytes are written.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const {
  codec,
  createRegistry,
  roundTrip,
  roundTripError,
} = require('../../helpers/codec-round-trip.js');
const { difference } = require('../../helpers/codec-same.js');
const { runProgram } = require('../../helpers/program.js');

codec.useShapes(createRegistry());

/** A Proxy that counts the operations on it. */
function counted(target) {
  const counts = { total: 0, ownKeys: 0 };
  const handler = {};
  for (const trap of Object.getOwnPropertyNames(Reflect)) {
    handler[trap] = (...args) => {
      counts.total++;
      if (trap === 'ownKeys') counts.ownKeys++;
      return Reflect[trap](...args);
    };
  }
  return { proxy: new Proxy(target, handler), counts };
}

function sparse(rows, distance) {
  const array = [];
  for (let i = 0; i < rows; i++) array[i * distance] = i;
  return array;
}

for (const distance of [2, 65, 100, 100_000]) {
  test(`an array with an element at every ${distance}th place takes linear time`, () => {
    const each = [500, 1000, 2000].map((rows) => {
      const { proxy, counts } = counted(sparse(rows, distance));
      const copy = roundTrip(proxy);
      assert.equal(difference(sparse(rows, distance), copy), undefined);
      // Once for the places of the elements, once for names, at most once by for-in.
      assert.ok(counts.ownKeys <= 3, `${counts.ownKeys} times`);
      return counts.total / rows;
    });
    assert.ok(each[2] <= each[0] * 1.1, `${each} traps for each row`);
  });
}

test('the keys of an array are listed twice, however many holes it has', async () => {
  const counts = await runProgram(() => {
    const { keys } = Object;
    let count = 0;
    Object.keys = (value) => {
      if (Array.isArray(value)) count++;
      return keys(value);
    };
    const { codec, createRegistry, roundTrip } = require('./__test__/helpers/codec-round-trip.js');
    codec.useShapes(createRegistry());
    return [10, 100, 1000].map((rows) => {
      const array = [];
      for (let i = 0; i < rows; i++) array[i * 1000] = i;
      count = 0;
      if (roundTrip(array).length !== array.length) throw new Error('another length');
      return count;
    });
  });
  assert.deepEqual(counts, [2, 2, 2]);
});

test('holes end at the next element, even before a numeric key that is not an index', () => {
  for (const key of ['500.5', '0500', '-1', '1e3', '4294967295', 'name']) {
    const array = sparse(3, 200);
    array.length = 2000;
    array[key] = 1;
    assert.equal(roundTrip(array), codec.NOT_PLAIN, key);
  }
  const longest = new Array(2 ** 32 - 1);
  longest[2 ** 32 - 2] = 'last';
  longest[2 ** 31] = 'middle';
  assert.equal(difference(longest, roundTrip(longest)), undefined);
});

test('a getter may change a sparse array while it is read', () => {
  const array = sparse(50, 100);
  const get = () => {
    delete array[200];
    delete array[4900];
    return 'got';
  };
  Object.defineProperty(array, 100, { get, enumerable: true });
  const copy = roundTrip(array);
  assert.equal(copy.length, 4901);
  assert.deepEqual(Object.keys(copy), Object.keys(array));
  assert.deepEqual([copy[100], copy[300]], ['got', 3]);
});

// Each of many errors has a large part that cannot be encoded, and they all share it.
const shared = {
  'in the way': (large) => ({ large }),
  'beside what cannot be encoded': (large) => ({ large, bad() {} }),
  'below a list': (large) => [[large], () => {}],
};
const largeThings = {
  'with a function at its end': () => {
    const large = { items: Array.from({ length: 300 }, (_, i) => ({ i })) };
    large.end = () => {};
    return large;
  },
  'without': () => ({ items: Array.from({ length: 300 }, (_, i) => ({ i })) }),
};

for (const [where, around] of Object.entries(shared)) {
  for (const [what, create] of Object.entries(largeThings)) {
    test(`many errors that share a large value take linear time, ${where}, ${what}`, () => {
      const reads = [1000, 4000].map((errors) => {
        const large = create();
        const { proxy, counts } = counted(large.items);
        large.items = proxy;
        const list = Array.from({ length: errors }, (_, i) =>
          Object.assign(new Error(), { stack: '', own: around(large), i }),
        );
        const copy = roundTripError(new AggregateError(list, 'all'));
        assert.equal(copy.errors.length, errors);
        assert.equal(
          copy.errors.every((error, i) => error.i === i),
          true,
        );
        return counts.total;
      });
      // At most twice as much is encoded in vain: the bound grows with the output.
      assert.ok(reads[0] < 300 * 1000, `${reads[0]} of ${300 * 1000}`);
      assert.ok(reads[1] < reads[0] * 4.5, `${reads}`);
    });
  }
}

test('an error that is refused repeatedly is described in short', () => {
  const big = Object.assign(
    () => {},
    Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`key${i}`, i])),
  );
  const list = new Array(2000).fill(big);
  const region = codec.createRegion(1 << 25);
  const end = codec.encodeError(region, 0, new AggregateError(list, 'all'));
  assert.ok(end > 0 && end < 1_000_000, `${end} bytes`);
});
