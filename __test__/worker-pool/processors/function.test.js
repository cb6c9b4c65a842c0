'use strict';

// Processor files that export a function: every form of the export, and of the result.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf } = require('../../helpers/with-pool.js');

const test = poolSuite();

for (const [title, file, name] of [
  ['export default', 'function-default.mjs'],
  ['export default of an async function', 'function-default-async.mjs'],
  ['export default after a top-level await', 'function-default-late.mjs'],
  ['module.exports', 'function-module-exports.js'],
  ['exports.default', 'function-exports-default.js'],
  ['exports.default with __esModule, as compilers write it', 'function-es-module.js'],
  ['options.name of an ES module', 'function-named.mjs', 'twice'],
  ['options.name of an ES module, among several', 'function-named.mjs', 'thrice'],
  ['options.name "default"', 'function-named.mjs', 'default'],
  ['options.name of a CommonJS module', 'function-named.js', 'twice'],
  ['options.name of a property that no parser finds', 'function-named.js', 'computed'],
]) {
  test(title, async () => {
    const factor = name === 'thrice' ? 3 : 2;
    await withPool([2, fixture(file), { name }], async (pool) => {
      const results = await Promise.all(Array.from({ length: 50 }, (_, i) => pool.run(i)));
      assert.deepEqual(
        results,
        Array.from({ length: 50 }, (_, i) => factor * i),
      );
      assert.deepEqual(await outcomeOf(pool, 21), [null, 21 * factor]);
    });
  });
}

test('with options.name a listening file is a function processor', async () => {
  await withPool([1, fixture('function-and-listener.js'), { name: 'twice' }], async (pool) => {
    assert.equal(await pool.run(21), 42);
  });
});

test('a listener takes precedence over a default export', async () => {
  await withPool([1, fixture('function-and-listener.js')], async (pool) => {
    assert.equal(await pool.run(21), 'listener 21');
  });
});

const returns = fixture('function-returns.js');

for (const [kind, expected] of Object.entries({
  'a value': 'value',
  'nothing': undefined,
  'null': null,
  'a promise': 'promised',
  'a promise that is resolved later': 'later',
  'a promise of a promise': 'nested',
  'a thenable': 'from then()',
  'a thenable that resolves later': 'from then() later',
  'a thenable that resolves twice': 'first',
  'a promise of nothing': undefined,
  'a getter for then that is no function': { then: 'text' },
})) {
  test(`a function may return ${kind}`, async () => {
    await withPool([1, returns], async (pool) => {
      assert.deepEqual(await outcomeOf(pool, kind), [null, expected]);
      assert.deepEqual(await pool.run(kind), expected);
    });
  });
}

test('this is undefined, the arguments are the task and what it knows of its run', async () => {
  await withPool([1, fixture('function-call.js')], async (pool) => {
    assert.deepEqual(await pool.run('the task'), { self: 'undefined', args: ['the task', []] });
    assert.deepEqual(await pool.run(), { self: 'undefined', args: [undefined, []] });
  });
});

test('a worker runs one task at a time, even if tasks wait asynchronously', async () => {
  await withPool([1, fixture('function-overlap.js')], async (pool) => {
    const results = await Promise.all(Array.from({ length: 20 }, () => pool.run(null)));
    assert.deepEqual(results, Array(20).fill(1));
  });
});

test('modules of a worker live as long as it does', async () => {
  await withPool([1, fixture('function-counter.js')], async (pool) => {
    const results = [];
    for (let i = 0; i < 5; i++) results.push(await pool.run(null));
    assert.deepEqual(results, [1, 2, 3, 4, 5]);
  });
});

test('each function of one file may have its own pool', async () => {
  const file = fixture('function-named.mjs');
  await withPool([1, file, { name: 'twice' }], (twice) =>
    withPool([1, file, { name: 'thrice' }], async (thrice) => {
      assert.deepEqual(await Promise.all([twice.run(1), thrice.run(1), twice.run(2)]), [2, 3, 4]);
    }),
  );
});

test('a processor may have static and dynamic imports', async () => {
  await withPool([1, fixture('function-imports.mjs')], async (pool) => {
    assert.deepEqual(await pool.run(20), { static: 40, dynamic: 60, builtin: 'b' });
  });
});

test('a timer of the processor fires while it is saturated', async () => {
  await withPool([1, fixture('function-interval.js')], async (pool) => {
    const counts = await Promise.all(Array.from({ length: 3000 }, () => pool.run(0.05)));
    assert.ok(counts.at(-1) >= 5, `${counts.at(-1)} times`);
  });
});
