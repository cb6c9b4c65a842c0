'use strict';

// The native processor `add`, which is the default: Rust threads, without a Worker.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

const sums = [
  [1, 2],
  [0, 0],
  [-0, -0],
  [0.1, 0.2],
  [2 ** 31 - 1, 1],
  [-(2 ** 31), -1],
  [2 ** 32, 2 ** 32],
  [Number.MAX_SAFE_INTEGER, 1],
  [1e308, 1e308],
  [Infinity, -Infinity],
  [NaN, 1],
  [5e-324, 5e-324],
  ['a', 'b'],
  ['', ''],
  ['', 'x'],
  ['latin1 äöü', ' ÿ'],
  ['中文', '😀'],
  ['äö', '中'],
  ['\uD83D', '\uDE00'],
  ['\uD800', 'x'],
  ['zero \0', '\0 byte'],
  ['x'.repeat(100_000), 'y'.repeat(200_000)],
  ['x'.repeat(1000), '中'.repeat(1000)],
];

for (const processor of [undefined, { native: 'add' }]) {
  test(`add gives the sum of two numbers or strings: ${JSON.stringify(processor)}`, async () => {
    await withPool([2, processor], async (pool) => {
      const outcomes = await Promise.all(sums.map(([a, b]) => outcomeOf(pool, { a, b })));
      for (const [i, [a, b]] of sums.entries()) {
        assert.deepStrictEqual(outcomes[i], [null, a + b]);
      }
      assert.deepEqual([pool.completed, pool.failed], [sums.length, 0]);
    });
  });
}

test('other properties of the task, and their order, do not matter', async () => {
  await withPool([1], async (pool) => {
    for (const task of [
      { b: 2, a: 1 },
      { x: 'before', a: 1, y: [1, { a: 5 }], b: 2, z: null },
      { a: 1, nested: { a: 'other', b: 'other' }, b: 2 },
      { a: 1, when: new Date(), map: new Map([[1, 2]]), bytes: new Uint8Array(100_000), b: 2 },
    ]) {
      assert.equal(await pool.run(task), 3);
    }
  });
});

for (const [title, task] of Object.entries({
  'nothing': undefined,
  'null': null,
  'a number': 5,
  'a string': 'text',
  'an array': [1, 2],
  'an empty object': {},
  'b is missing': { a: 1 },
  'a is missing': { b: 1 },
  'a number and a string': { a: 1, b: '2' },
  'a string and a number': { a: '1', b: 2 },
  'two booleans': { a: true, b: false },
  'two bigints': { a: 1n, b: 2n },
  'two nulls': { a: null, b: null },
  'two objects': { a: {}, b: {} },
  'two arrays': { a: [1], b: [2] },
  'two dates': { a: new Date(0), b: new Date(0) },
  'a Map': new Map([
    ['a', 1],
    ['b', 2],
  ]),
  'a SharedArrayBuffer': { a: new SharedArrayBuffer(8), b: 1 },
})) {
  test(`a bad task is refused with its own error: ${title}`, async () => {
    await withPool([1], async (pool) => {
      const [before, [err, result], after] = await Promise.all([
        outcomeOf(pool, { a: 1, b: 2 }),
        outcomeOf(pool, task),
        outcomeOf(pool, { a: 3, b: 4 }),
      ]);
      assert.deepEqual(
        [before, after],
        [
          [null, 3],
          [null, 7],
        ],
      );
      assert.equal(result, null);
      assert.equal(err.code, 'ERR_WORKER_POOL_NATIVE_TASK');
      assert.ok(err instanceof Error);
      assert.deepEqual([pool.completed, pool.failed], [2, 1]);
    });
  });
}

test('an instance of a class is cloned to a plain object', async () => {
  await withPool([1], async (pool) => {
    assert.equal(
      await pool.run(
        new (class {
          a = 1;
          b = 2;
        })(),
      ),
      3,
    );
  });
});

for (const [title, task] of Object.entries({
  'a symbol': { a: Symbol('s'), b: 1 },
  'a function': () => {},
})) {
  test(`a task that cannot be cloned is refused: ${title}`, async () => {
    await withPool([1], async (pool) => {
      const [err] = await outcomeOf(pool, task);
      assert.equal(err.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
    });
  });
}

test('the error names the expected and the received form', async () => {
  await withPool([1], async (pool) => {
    const [err] = await outcomeOf(pool, { a: 1, b: 'two' });
    assert.match(err.message, /number/);
    assert.match(err.message, /string/);
    const [other] = await outcomeOf(pool, null);
    assert.match(other.message, /null/);
  });
});

test('ArrayBuffers are transferred, and their program loses them', async () => {
  await withPool([1], async (pool) => {
    const buffers = [new ArrayBuffer(8), new ArrayBuffer(100_000)];
    const task = { a: 1, x: new Uint8Array(buffers[1], 5, 9000), b: 2 };
    assert.equal(await pool.run(task, { transferList: buffers }), 3);
    assert.deepEqual(
      buffers.map(({ byteLength }) => byteLength),
      [0, 0],
    );
  });
});

test('a transfer list is read once, and what getters do then spoils nothing', async () => {
  await withPool([1], async (pool) => {
    const [buffer, later] = [new ArrayBuffer(100_000), new ArrayBuffer(8)];
    const others = [];
    const transferList = [];
    Object.defineProperty(transferList, 0, {
      get() {
        others.push(pool.run({ a: `${others.length}`, b: 'th' }), pool.run({ a: 'x', b: 'y' }));
        return buffer;
      },
    });
    const task = {
      a: 1,
      buffer,
      get b() {
        transferList.push(later);
        return 2;
      },
    };
    const results = await Promise.all([pool.run(task, { transferList }), ...others]);
    assert.deepEqual(results, [3, '0th', 'xy']);
    assert.deepEqual([buffer.byteLength, later.byteLength], [0, 8]);
  });
});

for (const [title, task, others, code] of [
  ['a port in the list', { a: 1, b: 2 }, () => [new MessageChannel().port1]],
  ['shared memory in the task', { a: 1, b: new SharedArrayBuffer(8) }, () => []],
  ['one twice', { a: 1, b: 2 }, (buffer) => [buffer], 'ERR_WORKER_POOL_NOT_CLONEABLE'],
]) {
  test(`a task that is refused loses no ArrayBuffers: ${title}`, async () => {
    await withPool([1], async (pool) => {
      const buffer = new ArrayBuffer(100_000);
      const transferList = [buffer, ...others(buffer)];
      const [err, result] = await outcomeOf(pool, { ...task, buffer }, { transferList });
      assert.deepEqual([err.code, result], [code ?? 'ERR_WORKER_POOL_NATIVE_TASK', null]);
      assert.equal(buffer.byteLength, 100_000);
      for (const object of transferList) if (object !== buffer) object.close?.();
    });
  });
}

test('many threads share the tasks', async () => {
  await withPool([64], async (pool) => {
    assert.equal(pool.numThreads, 64);
    const results = await Promise.all(
      Array.from({ length: 20_000 }, (_, i) => pool.run({ a: i, b: i })),
    );
    assert.deepEqual(
      results,
      Array.from({ length: 20_000 }, (_, i) => 2 * i),
    );
  });
});

test('the largest pool works', async () => {
  await withPool([1024], async (pool) => {
    assert.equal(await pool.run({ a: 1, b: 2 }), 3);
    assert.equal(pool.numThreads, 1024);
    await pool.close();
    assert.equal(pool.numThreads, 0);
  });
});

test('no Worker is started', async () => {
  const types = await runProgram(async () => {
    const { createHook } = require('node:async_hooks');
    const { WorkerPool } = require('async-hooks-rs');
    const seen = [];
    createHook({
      init(id, type) {
        seen.push(type);
      },
    }).enable();
    const pool = new WorkerPool(4);
    await pool.run({ a: 1, b: 2 });
    await pool.close();
    return seen.filter((type) => /WORKER|PORT/.test(type));
  });
  assert.deepEqual(types, []);
});

test('the example of the documentation prints its lines', async () => {
  await withPool([], async (pool) => {
    const printed = [];
    await new Promise((resolve) => {
      let finished = 0;
      for (let i = 0; i < 10; i++) {
        pool.runTask({ a: 42, b: 100 }, (err, result) => {
          printed.push([i, err, result]);
          if (++finished === 10) resolve(pool.close());
        });
      }
    });
    await turns();
    printed.sort(([a], [b]) => a - b);
    assert.deepEqual(
      printed,
      Array.from({ length: 10 }, (_, i) => [i, null, 142]),
    );
  });
});
