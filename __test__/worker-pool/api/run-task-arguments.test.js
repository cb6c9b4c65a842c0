'use strict';

// runTask() throws on wrong arguments, run() rejects; neither submits a task.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withPool, turns } = require('../../helpers/with-pool.js');
const { thrown, typeError, rangeError } = require('../../helpers/thrown.js');

const test = poolSuite();

const received = [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'type number (5)'],
  ['text', "type string ('text')"],
  [{}, 'an instance of Object'],
  [Symbol('s'), 'type symbol (Symbol(s))'],
];

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

/** The rejection of `run()`, in the form of `thrown()`. */
async function rejected(pool, ...args) {
  const promise = pool.run(...args);
  assert.ok(promise instanceof Promise);
  const error = await promise.then(
    () => assert.fail('must reject'),
    (reason) => reason,
  );
  return thrown(() => {
    throw error;
  });
}

for (const [value, what] of received) {
  test(`the callback is refused: ${what}`, async () => {
    await withPool([1], async (pool) => {
      const expected = type('callback', 'of type function', what);
      assert.deepEqual(
        thrown(() => pool.runTask({ a: 1, b: 2 }, {}, value)),
        expected,
      );
      assert.equal(thrown(() => pool.runTask({ a: 1, b: 2 }, value)).code, expected.code);
      await turns();
      assert.deepEqual([pool.completed, pool.failed, pool.running, pool.queueSize], [0, 0, 0, 0]);
    });
  });
}

for (const [value, what] of [
  [null, 'null'],
  [5, 'type number (5)'],
  ['text', "type string ('text')"],
  [true, 'type boolean (true)'],
  [[], 'an instance of Array'],
]) {
  test(`options are refused: ${what}`, async () => {
    await withPool([1], async (pool) => {
      const expected = type('options', 'of type object', what);
      assert.deepEqual(
        thrown(() => pool.runTask({ a: 1, b: 2 }, value, () => assert.fail())),
        expected,
      );
      assert.deepEqual(await rejected(pool, { a: 1, b: 2 }, value), expected);
      await turns();
      assert.deepEqual([pool.completed, pool.failed, pool.running, pool.queueSize], [0, 0, 0, 0]);
    });
  });
}

for (const [options, expected] of [
  [{ signal: null }, type('options.signal', 'an instance of AbortSignal', 'null')],
  [{ signal: {} }, type('options.signal', 'an instance of AbortSignal', 'an instance of Object')],
  [{ signal: 5 }, type('options.signal', 'an instance of AbortSignal', 'type number (5)')],
  [{ timeout: '5' }, type('options.timeout', 'of type number', "type string ('5')")],
  [{ timeout: null }, type('options.timeout', 'of type number', 'null')],
  [{ timeout: 0 }, range('options.timeout', 'an integer >= 1 and <= 2147483647', '0')],
  [{ timeout: -1 }, range('options.timeout', 'an integer >= 1 and <= 2147483647', '-1')],
  [{ timeout: NaN }, range('options.timeout', 'an integer >= 1 and <= 2147483647', 'NaN')],
  [{ priority: '1' }, type('options.priority', 'of type number', "type string ('1')")],
  [{ priority: null }, type('options.priority', 'of type number', 'null')],
  [{ priority: 1.5 }, range('options.priority', 'an integer >= -100 and <= 100', '1.5')],
  [{ priority: NaN }, range('options.priority', 'an integer >= -100 and <= 100', 'NaN')],
  [{ priority: 101 }, range('options.priority', 'an integer >= -100 and <= 100', '101')],
  [{ attempt: '2' }, type('options.attempt', 'of type number', "type string ('2')")],
  [{ attempt: 0 }, range('options.attempt', 'an integer >= 1 and <= 2147483647', '0')],
  [{ attempt: 1.5 }, range('options.attempt', 'an integer >= 1 and <= 2147483647', '1.5')],
  [{ priority: -101 }, range('options.priority', 'an integer >= -100 and <= 100', '-101')],
  [
    { transferList: {} },
    type('options.transferList', 'an instance of Array', 'an instance of Object'),
  ],
  [
    { transferList: 'list' },
    type('options.transferList', 'an instance of Array', "type string ('list')"),
  ],
  [{ transferList: null }, type('options.transferList', 'an instance of Array', 'null')],
]) {
  const [[name, value]] = Object.entries(options);
  test(`options.${name} is refused: ${typeof value} ${JSON.stringify(value)}`, async () => {
    await withPool([1], async (pool) => {
      assert.deepEqual(
        thrown(() => pool.runTask({ a: 1, b: 2 }, options, () => assert.fail())),
        expected,
      );
      assert.deepEqual(await rejected(pool, { a: 1, b: 2 }, options), expected);
      await turns();
      assert.deepEqual([pool.completed, pool.failed, pool.running, pool.queueSize], [0, 0, 0, 0]);
    });
  });
}

test('a closed pool also refuses wrong arguments', async () => {
  await withPool([1], async (pool) => {
    await pool.close();
    assert.equal(thrown(() => pool.runTask({ a: 1, b: 2 }, 5)).code, 'ERR_INVALID_ARG_TYPE');
    assert.equal((await rejected(pool, 1, { timeout: 0 })).code, 'ERR_OUT_OF_RANGE');
  });
});
