'use strict';

// Tasks for an export of the processor: `options.export`, and `pool.call`.

const assert = require('node:assert/strict');
const { pathToFileURL } = require('node:url');
const { storageFor } = require('async-hooks-rs/contexts');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { fixture, outcomeOf, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('exports.js');
const esModule = fixture('exports.mjs');

const UNKNOWN = 'ERR_WORKER_POOL_EXPORT_UNKNOWN';

test('a call passes its arguments, and gives the result', () =>
  withPool([1, file], async (pool) => {
    assert.equal(await pool.call.add(1, 2), 3);
    assert.deepEqual(await pool.call.later('x'), { value: 'x' });
    assert.equal(await pool.call.count(), 0);
    assert.equal(await pool.call.count(undefined, null, [1, 2]), 3);
    assert.equal(await pool.call.receiver(), true);
    const { add } = pool.call;
    assert.deepEqual(await Promise.all([add(1, 1), add('a', 'b')]), [2, 'ab']);
    assert.deepEqual([pool.completed, pool.failed], [7, 0]);
  }));

test('a task names the export that it is for; others go to the default', () =>
  withPool([2, esModule], async (pool) => {
    assert.equal(await pool.run(21, { export: 'twice' }), 42);
    assert.deepEqual(await outcomeOf(pool, 21, { export: 'twice', priority: 1 }), [null, 42]);
    assert.deepEqual(await pool.run(21, { export: 'default' }), { default: 21 });
    assert.deepEqual(await pool.run(21, { export: undefined }), { default: 21 });
    assert.deepEqual(await pool.run([1, 2]), { default: [1, 2] });
    assert.deepEqual(await pool.call.default(21), { default: 21 });
    assert.equal(await pool.call.add(1, 2), 3);
  }));

test('options.name is for the tasks that name no export', () =>
  withPool([1, esModule, { name: 'twice' }], async (pool) => {
    assert.equal(await pool.run(21), 42);
    assert.equal(await pool.call.add(1, 2), 3);
    assert.deepEqual(await pool.call.default(1), { default: 1 });
  }));

test('the file may be given as a URL', () =>
  withPool([1, pathToFileURL(esModule)], async (pool) => {
    assert.equal(await pool.call.add(1, 2), 3);
  }));

test('a file without a default runs its exports, and says what is missing', () =>
  withPool([1, file], async (pool) => {
    await assert.rejects(pool.run(1), { code: UNKNOWN, message: /exports no function "default"/ });
    assert.equal(await pool.call.add(1, 2), 3);
  }));

test('what is not among the exports fails, and the error lists those there are', () =>
  withPool([1, esModule], async (pool) => {
    await assert.rejects(pool.call.shrink(1), (error) => {
      assert.ok(error instanceof RangeError);
      assert.equal(error.code, UNKNOWN);
      assert.match(error.message, /exports\.mjs exports no function "shrink"/);
      assert.match(error.message, /Its functions are: add, default, twice$/);
      assert.match(error.stack, /exports\.test\.js/);
      return true;
    });
    const [error, result] = await outcomeOf(pool, 1, { export: 'shrink' });
    assert.deepEqual([error.code, result], [UNKNOWN, null]);
    assert.equal(await pool.call.add(1, 2), 3, 'the thread lives on');
  }));

test('neither what is inherited nor what is no function is an export', () =>
  withPool([1, file], async (pool) => {
    for (const name of ['inherited', 'constructor', 'toString', '__proto__', 'version', '']) {
      await assert.rejects(pool.run(1, { export: name }), { code: UNKNOWN }, name);
      await assert.rejects(pool.call[name](1), { code: UNKNOWN }, name);
    }
  }));

test('an error of the export arrives, and arguments that cannot be copied are refused', () =>
  withPool([1, file], async (pool) => {
    await assert.rejects(pool.call.fails(), { name: 'RangeError', code: 'E_OWN' });
    await assert.rejects(
      pool.call.add(() => {}),
      { code: 'ERR_WORKER_POOL_NOT_CLONEABLE' },
    );
  }));

test('the value may be moved, shared, or too large for a packet', () =>
  withPool([1, file], async (pool) => {
    const moved = new ArrayBuffer(100);
    const options = { export: 'lengthOf', transferList: [moved] };
    assert.equal(await pool.run(moved, options), 100);
    assert.equal(moved.byteLength, 0);
    assert.equal(await pool.call.lengthOf(new SharedArrayBuffer(50)), 50);
    assert.equal(await pool.call.lengthOf(new Uint8Array(1e6)), 1e6);
    assert.equal(await pool.call.count('x'.repeat(1e6), 1), 2);
  }));

test('what an export enters with enterWith() ends with its task', () =>
  withPool([1, file], async (pool) => {
    const seen = await Promise.all([1, 2, 3].map((value) => pool.call.enters(value)));
    assert.deepEqual(seen, [undefined, undefined, undefined]);
  }));

test('contexts of the pool travel with a call', async (t) => {
  const write = processorFolder(t);
  const contexts = JSON.stringify(require.resolve('async-hooks-rs/contexts'));
  const processor = write(
    'contexts.cjs',
    `const { storageFor } = require(${contexts});
     exports.seen = (n) => [n, storageFor('exports.test').getStore()];`,
  );
  const storage = storageFor('exports.test');
  await withPool([1, processor, { contexts: [storage] }], async (pool) => {
    const seen = await Promise.all(
      ['a', 'b'].map((id) => storage.run(id, () => pool.call.seen(1))),
    );
    assert.deepEqual(seen, [
      [1, 'a'],
      [1, 'b'],
    ]);
    assert.deepEqual(await storage.run('c', () => pool.run(2, { export: 'seen' })), [2, 'c']);
  });
});

test('a processor that listens has no exports to call', () =>
  withPool([1, fixture('docs-echo.js')], async (pool) => {
    await assert.rejects(pool.call.add(1, 2), {
      name: 'TypeError',
      code: 'ERR_WORKER_POOL_NO_EXPORTS',
      message: /^The export "add" cannot be called: the processor listens for 'message'/,
    });
    await assert.rejects(pool.run(1, { export: 'add', transferList: [new ArrayBuffer(1)] }), {
      code: 'ERR_WORKER_POOL_NO_EXPORTS',
    });
    await pool.run('goes on');
  }));

test('a native processor has none either', () =>
  withPool([1], async (pool) => {
    const refused = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /options\.export/ };
    await assert.rejects(pool.call.add(1, 2), refused);
    await assert.rejects(pool.run({ a: 1, b: 2 }, { export: 'add' }), refused);
    assert.throws(() => pool.runTask({ a: 1, b: 2 }, { export: 'add' }, () => {}), refused);
    assert.equal(await pool.run({ a: 1, b: 2 }), 3);
  }));

test('the name is a string, and an own property of the options', () =>
  withPool([1, esModule], async (pool) => {
    for (const name of [null, 5, Symbol.iterator, {}, ['twice']]) {
      await assert.rejects(pool.run(1, { export: name }), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: /"options\.export" property must be of type string/,
      });
    }
    const inherited = Object.create({ export: 'twice' });
    assert.deepEqual(await pool.run(1, inherited), { default: 1 });
    Object.prototype.export = 'twice';
    try {
      assert.deepEqual(await pool.run(1, {}), { default: 1 });
    } finally {
      delete Object.prototype.export;
    }
  }));

test('pool.call is one object, no promise, and cannot be changed', () =>
  withPool([1, esModule], async (pool) => {
    assert.equal(pool.call, pool.call);
    assert.equal(await pool.call, pool.call);
    assert.deepEqual([pool.call.then, pool.call[Symbol.iterator]], [undefined, undefined]);
    assert.deepEqual(Object.keys(pool.call), []);
    assert.throws(() => {
      pool.call.add = () => {};
    }, TypeError);
  }));

test('a call on a closed pool is rejected where it was made', async () => {
  let kept;
  await withPool([1, esModule], async (pool) => {
    kept = pool;
  });
  await assert.rejects(kept.call.add(1, 2), (error) => {
    assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
    assert.match(error.stack, /exports\.test\.js/);
    return true;
  });
});
