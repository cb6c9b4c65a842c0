'use strict';

// Arguments of the constructor: defaults, and refused values.

const assert = require('node:assert/strict');
const os = require('node:os');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool } = require('../../helpers/with-pool.js');
const { thrown, typeError, rangeError } = require('../../helpers/thrown.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

const refused = (...args) => thrown(() => new WorkerPool(...args).close());
const type = (name, expected, what) =>
  typeError(
    `The "${name}" ${name.includes('.') ? 'property' : 'argument'} must be ${expected}. ` +
      `Received ${what}`,
    'ERR_INVALID_ARG_TYPE',
  );
const range = (name, expected, what) =>
  rangeError(
    `The value of "${name}" is out of range. It must be ${expected}. Received ${what}`,
    'ERR_OUT_OF_RANGE',
  );

const ORDER_TYPE = 'of type string or function';
const THREADS = 'an integer >= 1 and <= 1024';
const PER_WORKER = 'an integer >= 1 and <= 256';
const MILLISECONDS = 'an integer >= 0 and <= 2147483647';
const POSITIVE = `an integer >= 1 and <= ${Number.MAX_SAFE_INTEGER}`;
const NOT_NEGATIVE = `an integer >= 0 and <= ${Number.MAX_SAFE_INTEGER}`;

test('the defaults are the native processor and a thread for each CPU', async () => {
  await withPool([], async (pool) => {
    assert.equal(await pool.run({ a: 42, b: 100 }), 142);
    const count = os.availableParallelism();
    assert.deepEqual([pool.numThreads, pool.minThreads, pool.maxThreads], [count, count, count]);
  });
});

test('undefined stands for each default', async () => {
  await withPool([undefined, undefined, undefined], async (pool) => {
    assert.equal(await pool.run({ a: 1, b: 2 }), 3);
    assert.equal(pool.maxThreads, os.availableParallelism());
  });
  const options = Object.fromEntries(
    [
      'minThreads',
      'maxThreads',
      'idleTimeout',
      'maxQueue',
      'queueOrder',
      'tasksPerWorker',
      'maxTasksPerWorker',
      'maxWorkerMemory',
      'isolate',
      'stdout',
      'stderr',
      'nice',
      'runtime',
      'name',
      'resourceLimits',
      'trackUnmanagedFds',
      'env',
      'execArgv',
      'argv',
      'workerData',
    ].map((name) => [name, undefined]),
  );
  await withPool([1, echo, options], async (pool) => {
    assert.equal(await pool.run(5), 5);
    assert.deepEqual([pool.minThreads, pool.maxThreads], [1, 1]);
  });
});

for (const [value, what] of [
  ['2', "type string ('2')"],
  [null, 'null'],
  [{}, 'an instance of Object'],
  [true, 'type boolean (true)'],
  [1n, 'type bigint (1n)'],
]) {
  test(`numThreads is refused: ${what}`, () => {
    assert.deepEqual(refused(value), type('numThreads', 'of type number', what));
  });
}

for (const [value, what] of [
  [0, '0'],
  [-1, '-1'],
  [1025, '1025'],
  [1e9, '1000000000'],
  [1.5, '1.5'],
  [NaN, 'NaN'],
  [Infinity, 'Infinity'],
]) {
  test(`numThreads is refused: ${what}`, () => {
    assert.deepEqual(refused(value), range('numThreads', THREADS, what));
  });
}

for (const value of [null, 5, true, Symbol('file'), [], {}, { native: 5 }]) {
  const title = typeof value === 'symbol' ? 'a symbol' : typeof value + JSON.stringify(value);
  test(`processor is refused: ${title}`, () => {
    const { name, code, message } = refused(1, value);
    assert.deepEqual({ name, code }, { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    assert.match(message, /"processor/);
  });
}

for (const value of [new URL('https://example.org/a.js'), new URL('data:text/javascript,0')]) {
  test(`a processor URL with ${value.protocol} is refused`, () => {
    assert.deepEqual(
      refused(1, value),
      typeError(
        `The URL of the processor must be a file: URL. Received ${value.href}`,
        'ERR_INVALID_URL_SCHEME',
      ),
    );
  });
}

test('an empty path as the processor is refused', () => {
  assert.deepEqual(refused(1, ''), range('processor', 'the path of a file', "''"));
});

test('an unknown native processor is refused; the error lists the native processors', () => {
  assert.throws(
    () => new WorkerPool(1, { native: 'missing' }),
    (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_NATIVE_UNKNOWN');
      assert.match(error.message, /'?missing'?/);
      assert.match(error.message, /\badd\b/);
      return true;
    },
  );
});

for (const [value, what] of [
  [null, 'null'],
  [5, 'type number (5)'],
  ['text', "type string ('text')"],
  [[], 'an instance of Array'],
]) {
  test(`options are refused: ${what}`, () => {
    assert.deepEqual(refused(1, echo, value), type('options', 'of type object', what));
  });
}

for (const [options, expected] of [
  [{ minThreads: '1' }, type('options.minThreads', 'of type number', "type string ('1')")],
  [{ minThreads: 1.5 }, range('options.minThreads', 'an integer >= 0 and <= 2', '1.5')],
  [{ minThreads: -1 }, range('options.minThreads', 'an integer >= 0 and <= 2', '-1')],
  [{ minThreads: 3 }, range('options.minThreads', 'an integer >= 0 and <= 2', '3')],
  [{ maxThreads: null }, type('options.maxThreads', 'of type number', 'null')],
  [{ maxThreads: 0, minThreads: 0 }, range('options.maxThreads', THREADS, '0')],
  [{ maxThreads: 1025 }, range('options.maxThreads', THREADS, '1025')],
  [{ stdout: true }, type('options.stdout', 'of type string', 'type boolean (true)')],
  [{ stdout: 'ignore' }, range('options.stdout', "'inherit' or 'pipe'", 'ignore')],
  [{ stderr: null }, type('options.stderr', 'of type string', 'null')],
  [{ stderr: 'PIPE' }, range('options.stderr', "'inherit' or 'pipe'", 'PIPE')],
  [{ isolate: 1 }, type('options.isolate', 'of type boolean', 'type number (1)')],
  [
    { isolate: true, maxTasksPerWorker: 2 },
    range('options.maxTasksPerWorker', '1 in a pool that isolates tasks', '2'),
  ],
  [{ tasksPerWorker: '2' }, type('options.tasksPerWorker', 'of type number', "type string ('2')")],
  [{ tasksPerWorker: 0 }, range('options.tasksPerWorker', PER_WORKER, '0')],
  [{ tasksPerWorker: 257 }, range('options.tasksPerWorker', PER_WORKER, '257')],
  [
    { tasksPerWorker: 2, isolate: true },
    range('options.tasksPerWorker', '1 in a pool that isolates tasks', '2'),
  ],
  [{ maxTasksPerWorker: 0 }, range('options.maxTasksPerWorker', POSITIVE, '0')],
  [
    { maxTasksPerWorker: '5' },
    type('options.maxTasksPerWorker', 'of type number', "type string ('5')"),
  ],
  [{ maxWorkerMemory: 0.5 }, range('options.maxWorkerMemory', POSITIVE, '0.5')],
  [{ idleTimeout: '5' }, type('options.idleTimeout', 'of type number', "type string ('5')")],
  [{ idleTimeout: -1 }, range('options.idleTimeout', MILLISECONDS, '-1')],
  [{ idleTimeout: NaN }, range('options.idleTimeout', MILLISECONDS, 'NaN')],
  [{ idleTimeout: 2 ** 31 }, range('options.idleTimeout', MILLISECONDS, '2147483648')],
  [{ maxQueue: '5' }, type('options.maxQueue', 'of type number', "type string ('5')")],
  [{ maxQueue: -1 }, range('options.maxQueue', NOT_NEGATIVE, '-1')],
  [{ maxQueue: 1.5 }, range('options.maxQueue', NOT_NEGATIVE, '1.5')],
  [{ maxQueue: NaN }, range('options.maxQueue', NOT_NEGATIVE, 'NaN')],
  [{ queueOrder: 5 }, type('options.queueOrder', ORDER_TYPE, 'type number (5)')],
  [{ queueOrder: null }, type('options.queueOrder', ORDER_TYPE, 'null')],
  [{ queueOrder: 'FIFO' }, range('options.queueOrder', "'fifo', 'lifo' or a function", 'FIFO')],
  [
    { queueOrder: 'toString' },
    range('options.queueOrder', "'fifo', 'lifo' or a function", 'toString'),
  ],
  [{ name: 5 }, type('options.name', 'of type string', 'type number (5)')],
  [{ execArgv: 'text' }, type('options.execArgv', 'an instance of Array', "type string ('text')")],
  [{ argv: 'text' }, type('options.argv', 'an instance of Array', "type string ('text')")],
]) {
  const [[name, value]] = Object.entries(options);
  test(`options.${name} is refused: ${typeof value} ${JSON.stringify(value)}`, () => {
    assert.deepEqual(refused(2, echo, options), expected);
  });
}

test('maxWorkerMemory and tasksPerWorker are refused with a native processor', () => {
  assert.deepEqual(
    refused(1, { native: 'add' }, { maxWorkerMemory: 5 }),
    range('options.maxWorkerMemory', 'Infinity in a pool with a native processor', '5'),
  );
  assert.deepEqual(
    refused(1, { native: 'add' }, { tasksPerWorker: 2 }),
    range('options.tasksPerWorker', '1 in a pool with a native processor', '2'),
  );
});

test('options may have their maximum values', async () => {
  const options = {
    minThreads: 0,
    maxThreads: 1024,
    maxQueue: Number.MAX_SAFE_INTEGER,
    idleTimeout: Infinity,
  };
  await withPool([1, echo, options], async (pool) => {
    assert.deepEqual([pool.minThreads, pool.maxThreads], [0, 1024]);
    assert.equal(await pool.run('task'), 'task');
  });
});

test('the options are read once', async () => {
  const options = { maxThreads: 1, minThreads: 0, workerData: 'first' };
  await withPool([1, fixture('function-environment.js'), options], async (pool) => {
    options.workerData = 'changed';
    options.maxThreads = 5;
    assert.equal((await pool.run([])).workerData, 'first');
    assert.equal(pool.maxThreads, 1);
  });
});
