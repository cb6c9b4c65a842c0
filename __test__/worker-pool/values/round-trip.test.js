'use strict';

// Values on their way to the worker and back: every value that structuredClone() can clone equals
// its clone, small or large, in both forms of a processor.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');

const test = poolSuite();

class Point {
  #hidden = 1;
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
  get sum() {
    return this.x + this.y + this.#hidden;
  }
}

function cyclic() {
  const value = { name: 'cycle', list: [] };
  value.self = value;
  value.list.push(value, { parent: value });
  return value;
}

function shared() {
  const inner = { n: 1 };
  return { first: inner, second: inner, list: [inner, inner] };
}

function deep(depth) {
  let value = { end: true };
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value };
  return value;
}

const sparse = [1, , 3]; // oxlint-disable-line no-sparse-arrays
sparse[10] = 'far';

const values = {
  'nothing': undefined,
  'null': null,
  'booleans': [true, false],
  'numbers': [0, -0, 1, -1, 255, 65_536, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 0.1, 1e308, 5e-324],
  'numbers that are none': [NaN, Infinity, -Infinity],
  'bigints': [0n, -1n, 2n ** 64n, -(2n ** 200n)],
  'strings': ['', 'a', 'latin1 äöü ÿ', 'two bytes: Ω 中文', 'astral 😀', 'zero \0 byte'],
  'lone surrogates': ['\uD800', 'a\uDC00b', '\uDFFF\uD800'],
  'a long string': 'x'.repeat(200_000),
  'a long string of two-byte characters': 'Ω中'.repeat(100_000),
  'an object': { a: 1, b: 'two', c: null, d: undefined, e: true },
  'an object without properties': {},
  'keys of every kind': { '': 1, '0': 2, '-1': 3, 'ä': 4, 'a b': 5, '中': 6, 'constructor': 7 },
  'a key __proto__': JSON.parse('{ "__proto__": { "polluted": true }, "x": 1 }'),
  'an object without prototype': Object.assign(Object.create(null), { a: 1 }),
  'nested': { list: [{ of: [{ things: [1, [2, [3]]] }] }], more: { and: { more: {} } } },
  'deeply nested': deep(200),
  'an array': [1, 'two', [3], { four: 4 }],
  'an array with holes': sparse,
  'an array with properties': Object.assign([1, 2], { extra: 'property' }),
  'a cycle': cyclic(),
  'shared references': shared(),
  'dates': [new Date(0), new Date('2024-02-29T12:00:00.123Z')],
  'regular expressions': [/a/, /b+(?<name>c)/giu],
  'a Map': new Map([
    ['a', 1],
    [{ key: 'object' }, new Map([[1, 2]])],
    [NaN, -0],
  ]),
  'a Set': new Set([1, 'two', { three: 3 }, new Set([4])]),
  'boxed primitives': [Object(1), Object('s'), Object(true), Object(1n)],
  'an ArrayBuffer': new Uint8Array([1, 2, 3]).buffer,
  'a DataView': new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
  'typed arrays': [
    new Uint8Array([1, 255]),
    new Int8Array([-1]),
    new Uint8ClampedArray([300]),
    new Int16Array([-300]),
    new Uint16Array([300]),
    new Int32Array([-70_000]),
    new Uint32Array([4e9]),
    new Float32Array([0.5]),
    new Float64Array([0.1, NaN]),
    new BigInt64Array([-1n]),
    new BigUint64Array([2n ** 64n - 1n]),
    new Uint8Array(0),
  ],
  'two views of one buffer': (() => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    return { bytes, half: bytes.subarray(2) };
  })(),
  '1,000 small objects': Array.from({ length: 1000 }, (_, id) => ({ id, on: true })),
  '1,000 objects of many shapes': Array.from({ length: 1000 }, (_, i) => ({ [`key${i}`]: i })),
};

const processors = {
  function: fixture('function-echo.js'),
  documentation: fixture('docs-echo.js'),
};

for (const [kind, processor] of Object.entries(processors)) {
  test(`${kind}: every value comes back, with all outstanding at once`, async () => {
    await withPool([2, processor], async (pool) => {
      const entries = Object.entries(values);
      const outcomes = await Promise.all(entries.map(([, value]) => outcomeOf(pool, value)));
      for (const [i, [title, value]] of entries.entries()) {
        assert.deepStrictEqual(outcomes[i], [null, structuredClone(value)], title);
      }
    });
  });

  test(`${kind}: every value comes back, one by one and inside an object`, async () => {
    await withPool([1, processor], async (pool) => {
      for (const [title, value] of Object.entries(values)) {
        const expected = structuredClone({ value, after: 1 });
        assert.deepStrictEqual(await pool.run({ value, after: 1 }), expected, title);
      }
    });
  });

  test(`${kind}: references stay references`, async () => {
    await withPool([1, processor], async (pool) => {
      const cycle = await pool.run(cyclic());
      assert.equal(cycle.self, cycle);
      assert.equal(cycle.list[0], cycle);
      assert.equal(cycle.list[1].parent, cycle);
      const { first, second, list } = await pool.run(shared());
      assert.ok(first === second && first === list[0] && first === list[1]);
      const { bytes, half } = await pool.run(values['two views of one buffer']);
      assert.equal(bytes.buffer, half.buffer);
    });
  });

  test(`${kind}: an instance of a class arrives as a plain object`, async () => {
    await withPool([1, processor], async (pool) => {
      for (const wrap of [(point) => point, (point) => [point], (point) => new Set([point])]) {
        const expected = structuredClone(wrap(new Point(1, 2)));
        assert.deepStrictEqual(await pool.run(wrap(new Point(1, 2))), expected);
      }
      const point = await pool.run(new Point(1, 2));
      assert.equal(Object.getPrototypeOf(point), Object.prototype);
      assert.deepEqual(Object.keys(point), ['x', 'y']);
    });
  });

  test(`${kind}: an invalid date comes back`, async () => {
    await withPool([1, processor], async (pool) => {
      const date = await pool.run(new Date(NaN)); // which deepEqual() of Node 20 cannot compare
      assert.ok(date instanceof Date && Number.isNaN(date.getTime()));
    });
  });

  test(`${kind}: errors as values keep class, message, stack, cause, own properties`, async () => {
    await withPool([1, processor], async (pool) => {
      const cause = Object.assign(new TypeError('the cause'), { code: 'ERR_CAUSE' });
      const error = Object.assign(new RangeError('the error', { cause }), { code: 'E', n: [1] });
      for (const received of [await pool.run(error), (await pool.run({ list: [error] })).list[0]]) {
        assert.ok(received instanceof RangeError);
        assert.ok(received.cause instanceof TypeError);
        assert.deepEqual([received.message, received.cause.message], ['the error', 'the cause']);
        assert.deepEqual([received.stack, received.cause.stack], [error.stack, cause.stack]);
        assert.deepEqual({ ...received }, { code: 'E', n: [1] });
        assert.equal(received.cause.code, 'ERR_CAUSE');
      }
    });
  });

  test(`${kind}: only enumerable own properties are sent; getters are read`, async () => {
    await withPool([1, processor], async (pool) => {
      const task = Object.create(
        { inherited: 1 },
        {
          seen: { get: () => 'read', enumerable: true },
          hidden: { value: 2, enumerable: false },
          [Symbol('s')]: { value: 3, enumerable: true },
        },
      );
      assert.deepStrictEqual(await pool.run(task), { seen: 'read' });
    });
  });

  test(`${kind}: values far larger than any buffer of the pool come back`, async () => {
    await withPool([2, processor], async (pool) => {
      const strings = Array.from({ length: 300_000 }, (_, i) => `${i} `.padEnd(100, 'x'));
      const objects = Array.from({ length: 100_000 }, (_, id) => ({ id, text: `text ${id}` }));
      const [first, second, third] = await Promise.all([
        pool.run(strings),
        pool.run(objects),
        pool.run('small'),
      ]);
      assert.deepStrictEqual(first, strings);
      assert.deepStrictEqual(second, objects);
      assert.equal(third, 'small');
    });
  });
}

test('a thread does not see later changes of a running or waiting task', async () => {
  await withPool([1, processors.function], async (pool) => {
    const sent = [];
    for (let round = 0; round < 10; round++) {
      const task = {
        round,
        list: [1, { two: 2 }],
        map: new Map([['key', 'value']]),
        bytes: new Uint8Array([1, 2, 3]),
        large: new Uint8Array(100_000).fill(7),
      };
      const expected = structuredClone(task);
      sent.push(
        outcomeOf(pool, task).then((outcome) => {
          assert.deepStrictEqual(outcome, [null, expected]);
        }),
      );
      task.round = 'changed';
      task.list[1].two = 'changed';
      task.list.push('changed');
      task.map.set('key', 'changed');
      task.bytes[0] = 99;
      task.large.fill(99);
      task.added = 'changed';
    }
    await Promise.all(sent);
    assert.equal(sent.length, 10);
  });
});

test('a getter that throws is an error of that task only', async () => {
  await withPool([1, processors.function], async (pool) => {
    const error = new RangeError('thrown by the getter');
    const task = {
      before: 1,
      get bad() {
        throw error;
      },
    };
    const outcomes = await Promise.all([
      outcomeOf(pool, { n: 1 }),
      outcomeOf(pool, task),
      outcomeOf(pool, { n: 2 }),
    ]);
    assert.deepEqual(
      [outcomes[0], outcomes[2]],
      [
        [null, { n: 1 }],
        [null, { n: 2 }],
      ],
    );
    const [err, result] = outcomes[1];
    assert.ok(err === error || err.cause === error, err);
    assert.equal(result, null);
  });
});
