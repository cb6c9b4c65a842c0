'use strict';

// Arguments that the constructor refuses, the error of each, and that a refused pool leaves nothing
// behind.

const assert = require('node:assert/strict');
const nodeTest = require('node:test');
const os = require('node:os');
const { pathToFileURL } = require('node:url');
const { WorkerPool } = require('../../../index.js');
const { runProgram } = require('../../helpers/program.js');
const { countable } = require('../../helpers/thread-count.js');
const { poolTest, test, fixture } = require('../../helpers/pool-session.js');

const file = fixture('failures-function.js');

const OUT_OF_RANGE = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
const INVALID_TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };

/** The title of a case. */
const show = (value) =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : `${typeof value} ${String(value)}`;

const badCounts = [
  0,
  -0,
  -1,
  -4,
  0.5,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  1025,
  1e9,
  2 ** 32 + 1,
  2 ** 53,
  Number.MAX_VALUE,
];
const noNumbers = ['2', '', 'two', null, true, false, {}, [], [2], 1n, Symbol('two'), () => 2];

for (const [values, expected] of [
  [badCounts, OUT_OF_RANGE],
  [noNumbers, INVALID_TYPE],
]) {
  for (const value of values) {
    test(`the constructor refuses numThreads: ${show(value)}`, () => {
      for (const processor of [undefined, file]) {
        assert.throws(
          () => new WorkerPool(value, processor),
          (error) => {
            assert.equal(error.name, expected.name);
            assert.equal(error.code, expected.code);
            assert.match(error.message, /numThreads/);
            return true;
          },
        );
      }
    });
  }
}

poolTest('numThreads undefined is the number of processors', {}, async ({ open, submit }) => {
  const pool = open();
  assert.equal(pool.numThreads, os.availableParallelism());
  assert.deepEqual(await submit(pool, { a: 1, b: 2 }), { error: null, result: 3 });
  assert.equal(open(undefined, file).numThreads, os.availableParallelism());
});

poolTest('numThreads may be the maximum', { timeout: 60_000 }, async ({ open, submit }) => {
  const pool = open(1024, { native: 'add' });
  assert.equal(pool.numThreads, 1024);
  assert.deepEqual(await submit(pool, { a: 1, b: 2 }), { error: null, result: 3 });
});

const badProcessors = [
  null,
  0,
  1,
  true,
  false,
  1n,
  Symbol('file'),
  [],
  {},
  new Map(),
  { native: 5 },
  { native: undefined },
  { native: null },
  { native: ['add'] },
  { file },
];

for (const value of badProcessors) {
  test(`the constructor refuses as processor: ${show(value)}`, () => {
    assert.throws(
      () => new WorkerPool(1, value),
      (error) => {
        assert.equal(error.name, 'TypeError');
        assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
        assert.match(error.message, /processor|native/);
        return true;
      },
    );
  });
}

for (const value of ['https://example.org/a.js', 'data:text/javascript,1']) {
  test(`the constructor refuses a processor URL that is not a file: ${value}`, () => {
    assert.throws(
      () => new WorkerPool(1, new URL(value)),
      (error) => {
        assert.equal(error.name, 'TypeError');
        assert.match(error.code, /^ERR_INVALID_/);
        return true;
      },
    );
  });
}

for (const native of ['multiply', '', 'Add', '__proto__', 'constructor', 'add\0']) {
  test(`the constructor refuses the unknown native processor ${JSON.stringify(native)}`, () => {
    assert.throws(
      () => new WorkerPool(1, { native }),
      (error) => {
        assert.ok(error instanceof Error);
        assert.equal(error.code, 'ERR_WORKER_POOL_NATIVE_UNKNOWN');
        assert.match(error.message, /\badd\b/);
        return true;
      },
    );
  });
}

poolTest('a processor may be a path, relative or not, or a URL', {}, async ({ open, submit }) => {
  const url = pathToFileURL(file);
  const relative = `.${file.slice(process.cwd().length)}`;
  const processors = [file, url, url.href];
  if (file.startsWith(process.cwd())) processors.push(relative, relative.slice(2));
  for (const processor of processors) {
    const pool = open(1, processor);
    assert.deepEqual(await submit(pool, { action: 'add', a: 1, b: 2 }), { error: null, result: 3 });
  }
});

const badOptions = [
  [INVALID_TYPE, [null, 1, 'text', true, () => {}, Symbol('options')]],
  [
    INVALID_TYPE,
    ['1', null, true, {}].flatMap((value) => [
      { minThreads: value },
      { maxThreads: value },
      { idleTimeout: value },
      { maxQueue: value },
    ]),
  ],
  [
    INVALID_TYPE,
    [
      { name: 5 },
      { name: Symbol('name') },
      { nice: '1' },
      { nice: null },
      { resourceLimits: 5 },
      { env: 5 },
      { env: 'text' },
      { execArgv: 'text' },
      { execArgv: {} },
      { argv: 'text' },
    ],
  ],
  [
    OUT_OF_RANGE,
    [-1, 1.5, NaN, -Infinity].flatMap((value) => [
      { minThreads: value },
      { maxThreads: value },
      { maxQueue: value },
    ]),
  ],
  [
    OUT_OF_RANGE,
    [
      { idleTimeout: -1 },
      { idleTimeout: NaN },
      { idleTimeout: -Infinity },
      { maxThreads: 0 },
      { maxThreads: 1025 },
      { maxThreads: Infinity },
      { minThreads: Infinity },
      { minThreads: 3 },
      { minThreads: 3, maxThreads: 2 },
      { nice: -21 },
      { nice: 20 },
      { nice: 0.5 },
    ],
  ],
];

for (const [expected, list] of badOptions) {
  for (const options of list) {
    const [key] = typeof options === 'object' ? Object.keys(options ?? {}) : [];
    const title = key === undefined ? show(options) : `${key}: ${show(options[key])}`;
    test(`the constructor refuses options: ${title} (${expected.name})`, () => {
      assert.throws(
        () => new WorkerPool(2, file, options),
        (error) => {
          assert.equal(error.name, expected.name);
          assert.equal(error.code, expected.code);
          assert.match(error.message, key === undefined ? /options/ : new RegExp(key));
          return true;
        },
      );
    });
  }
}

poolTest('options may have their extreme values', {}, async ({ open, submit }) => {
  for (const options of [
    undefined,
    {},
    { minThreads: 0 },
    { minThreads: 0, idleTimeout: 0 },
    { maxThreads: 1024 },
    { idleTimeout: Infinity },
    { maxQueue: Infinity },
    { maxQueue: 1 },
    { minThreads: 2 },
    {
      name: undefined,
      env: undefined,
      execArgv: undefined,
      argv: undefined,
      resourceLimits: undefined,
      minThreads: undefined,
      maxThreads: undefined,
      idleTimeout: undefined,
      maxQueue: undefined,
    },
  ]) {
    const pool = open(2, file, options);
    assert.deepEqual(await submit(pool, { action: 'add', a: 1, b: 2 }), { error: null, result: 3 });
    await pool.close();
  }
});

test('a call without new throws', () => {
  assert.throws(() => WorkerPool(1), { name: 'TypeError' });
});

test('a refused pool leaves no thread and keeps no process alive', async () => {
  const more = await runProgram(
    async ({ file: processor }) => {
      const { WorkerPool: Pool } = require('async-hooks-rs');
      const { countable: can, count, countSettled } = require('./__test__/helpers/thread-count.js');
      const before = can ? count() : 0;
      let refused = 0;
      for (const args of [
        [0],
        [2, null],
        [2, { native: 'none' }],
        [2, processor, { minThreads: 9 }],
        [2, processor, { name: 1 }],
        [2, processor, { maxQueue: -1 }],
        [2, processor, { execArgv: 1 }],
        [2, processor, { env: 1 }],
      ]) {
        try {
          new Pool(...args);
        } catch {
          refused++;
        }
      }
      return { refused, threads: can ? (await countSettled(before)) - before : 0 };
    },
    { data: { file } },
  );
  assert.equal(more.refused, 8);
  if (countable) assert.ok(more.threads <= 0, `${more.threads} threads more`);
});

// Without the addon the constructor throws, and the rest of the package works.
nodeTest('without the addon the constructor says so', async () => {
  const { codes, store } = await runProgram(
    ({ file: processor }) => {
      const { AsyncLocalStorage, WorkerPool: Pool } = require('async-hooks-rs');
      const code = (make) => {
        try {
          make();
        } catch (error) {
          return error.code;
        }
        return 'none';
      };
      return {
        codes: [code(() => new Pool(1)), code(() => new Pool(1, processor))],
        store: new AsyncLocalStorage().run('in', () => 'in'),
      };
    },
    { data: { file }, args: ['--no-addons'], env: { ASYNC_HOOKS_RS_ENGINE: 'builtin' } },
  );
  assert.deepEqual(codes, Array(2).fill('ERR_WORKER_POOL_UNAVAILABLE'));
  assert.equal(store, 'in');
});
