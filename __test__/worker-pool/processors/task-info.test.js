'use strict';

// The second argument of a function: what a task knows of its run, and how far it says it is.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../../index.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { fixture, outcomeOf, until, withPool, WorkerPool } = require('../../helpers/with-pool.js');

const test = poolSuite(__filename);
const processor = fixture('function-info.js');
const storage = new AsyncLocalStorage();

/** Runs a task and records what `onProgress` got. */
async function progressOf(pool, action, value) {
  const told = [];
  const result = await pool.run({ action, value }, { onProgress: (v) => told.push(v) });
  return { told, result };
}

test('each task has an id of its own, and the name of its export', async () => {
  await withPool([2, processor], async (pool) => {
    const infos = await Promise.all(
      Array.from({ length: 200 }, () => pool.run({ action: 'info' })),
    );
    assert.equal(new Set(infos.map(({ id }) => id)).size, 200);
    for (const { id, attempt, name, aborted } of infos) {
      assert.equal(typeof id, 'string');
      assert.deepEqual([attempt, name, aborted], [1, 'default', false]);
    }
  });
  await withPool([1, fixture('function-info-named.mjs'), { name: 'named' }], async (pool) => {
    assert.equal(await pool.run('name'), 'named');
  });
});

test('each task knows which attempt it is', async () => {
  await withPool([1, processor], async (pool) => {
    const attemptOf = async (options) => (await pool.run({ action: 'info' }, options)).attempt;
    assert.equal(await attemptOf({ attempt: 1 }), 1);
    assert.equal(await attemptOf({ attempt: 2 }), 2);
    assert.equal(await attemptOf({ attempt: 2 ** 31 - 1 }), 2 ** 31 - 1);
    assert.equal(await attemptOf({}), 1);
    const named = { attempt: 3, export: 'default', onProgress() {} };
    assert.equal(await attemptOf(named), 3);
  });
  await withPool([1, fixture('function-info-named.mjs'), { name: 'named' }], async (pool) => {
    assert.equal(await pool.run('attempt', { attempt: 4 }), 4);
    assert.equal(await pool.run('name', { attempt: 4 }), 'named');
  });
  await withPool([1, (to, { attempt }) => [attempt, to]], async (pool) => {
    const values = [];
    for await (const value of pool.stream('end', { attempt: 5 })) values.push(value);
    assert.deepEqual(values, [5, 'end']);
  });
  // Those that cannot ask get their tasks nevertheless.
  await withPool([1, fixture('docs-echo.js')], async (pool) => {
    assert.equal(await pool.run('task', { attempt: 2 }), 'task');
  });
  await withPool([1], async (pool) => {
    assert.equal(await pool.run({ a: 1, b: 2 }, { attempt: 2 }), 3);
  });
});

test('a function sees it in whichever way it looks at its arguments', async (t) => {
  const write = processorFolder(t);
  const functions = [
    (_, info) => info.attempt,
    (...all) => all[1].attempt,
    (_, { attempt } = {}) => attempt,
    function () {
      return arguments[1].attempt;
    },
    function () {
      return eval('arguments')[1].attempt;
    },
    '(function (_, info) { return info.attempt; }).bind(null)',
    'new Proxy((_, info) => info.attempt, {})',
    '(task /* in a comment: ) => */, info) => info.attempt',
    'function (task) { return \\u0061rguments[1].attempt; }',
  ];
  let files = 0;
  for (const text of functions.map(String)) {
    const file = write(`${files++}.js`, `module.exports = ${text};`);
    await withPool([1, file], async (pool) => assert.equal(await pool.run(), 1, text));
  }
});

test('a function that cannot see it can be aborted, and aborts nothing of others', async (t) => {
  const processor = processorFolder(t)(
    'alone.js',
    `let signal;
    module.exports = (flags) => {
      signal.onabort = () => Atomics.store(flags, 1, 1);
      Atomics.store(flags, 0, 1);
      return new Promise(() => {});
    };
    module.exports.look = (_, info) => { signal = info.signal; };`,
  );
  await withPool([1, processor, { abortGrace: 50 }], async (pool) => {
    await pool.run(null, { export: 'look' });
    const flags = new Int32Array(new SharedArrayBuffer(8));
    const aborting = new AbortController();
    const running = pool.run(flags, { signal: aborting.signal });
    await until(() => Atomics.load(flags, 0) === 1);
    aborting.abort();
    await assert.rejects(running, { name: 'AbortError' });
    await pool.run(null, { export: 'look' });
    assert.equal(Atomics.load(flags, 1), 0);
  });
});

test('progress comes in order and before the result', async () => {
  await withPool([2, processor], async (pool) => {
    const values = Array.from({ length: 10 }, (_, i) => ({ i }));
    const rounds = Array.from({ length: 20 }, () => progressOf(pool, 'progress', values));
    for (const { told, result } of await Promise.all(rounds)) {
      assert.deepEqual(told, values);
      assert.equal(result, 10);
    }
  });
});

test('progress is told in the contexts of the submission', async () => {
  await withPool([1, processor], async (pool) => {
    const seen = [];
    const task = { action: 'progress', value: [1, 2] };
    await Promise.all(
      ['a', 'b'].map((store) =>
        storage.run(store, () => {
          const onProgress = (value) => seen.push([store, storage.getStore(), value]);
          return store === 'a'
            ? pool.run(task, { onProgress })
            : outcomeOf(pool, task, { onProgress });
        }),
      ),
    );
    assert.deepEqual(seen, [
      ['a', 'a', 1],
      ['a', 'a', 2],
      ['b', 'b', 1],
      ['b', 'b', 2],
    ]);
  });
});

test('progress is copied, however large, unless it needs a port', async () => {
  await withPool([1, processor], async (pool) => {
    const { told, result } = await progressOf(pool, 'kinds');
    assert.deepEqual(told, [{ x: 1 }, new Date(5), new Uint8Array(1e6).fill(7), 'x'.repeat(1e6)]);
    assert.deepEqual(result, ['ERR_WORKER_POOL_NOT_CLONEABLE', true]);
  });
});

test('a getter of the result may tell progress', async () => {
  await withPool([1, processor], async (pool) => {
    const { told, result } = await progressOf(pool, 'getter');
    assert.deepEqual(told, ['from a getter']);
    assert.deepEqual(result, { value: [1, 2, 3] });
  });
});

test('nobody has to listen', async () => {
  await withPool([1, processor], async (pool) => {
    assert.equal(await pool.run({ action: 'progress', value: [1, 2, 3] }), 3);
  });
});

test('a task that has ended tells nothing', async () => {
  await withPool([1, processor], async (pool) => {
    await pool.run({ action: 'keep' });
    const { told, result } = await progressOf(pool, 'afterEnd');
    assert.deepEqual(told, ['of this one']);
    assert.equal(result, false);
  });
});

test('a listener that does not ask for its task reports nothing', async () => {
  const pool = new WorkerPool(1, fixture('docs-echo.js'));
  const onProgress = () => assert.fail('there is no progress');
  assert.deepEqual(await pool.run({ a: 1 }, { onProgress }), { a: 1 });
  await pool.close();
});
