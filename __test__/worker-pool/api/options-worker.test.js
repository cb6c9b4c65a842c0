'use strict';

// Options that are those of a Worker: workerData, env, argv, execArgv, resourceLimits. What the
// processor sees is what it would see in a Worker of its own.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { SHARE_ENV, Worker } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

const files = {
  'documentation, CommonJS': fixture('docs-environment.js'),
  'documentation, ES module': fixture('docs-environment.mjs'),
  'function': fixture('function-environment.js'),
};

/** What a Worker of Node's own sees that runs the docs' file. */
async function inWorker(names) {
  const worker = new Worker(files['documentation, CommonJS']);
  worker.postMessage(names);
  const [seen] = await once(worker, 'message');
  await worker.terminate();
  return seen;
}

for (const [kind, file] of Object.entries(files)) {
  test(`${kind}: without options, as in any Worker`, async () => {
    await withPool([1, file], async (pool) => {
      const seen = await pool.run(['PATH']);
      const { threadId, filename, ...expected } = await inWorker(['PATH']);
      assert.ok(seen.threadId > 0 && threadId > 0 && filename !== undefined);
      for (const [name, value] of Object.entries(expected)) {
        if (name !== 'argv1') assert.deepEqual(seen[name], value, name);
      }
    });
  });

  test(`${kind}: workerData is cloned, for each worker anew`, async () => {
    const workerData = { list: [1, { two: 2 }], map: new Map([['k', 'v']]) };
    await withPool([2, file, { workerData }], async (pool) => {
      for (let i = 0; i < 5; i++) {
        const { workerData: seen } = await pool.run([]);
        assert.deepStrictEqual(seen, workerData);
      }
    });
  });

  test(`${kind}: env and argv`, async () => {
    const options = { env: { ONE: 'first', TWO: '2' }, argv: ['--flag', 'text', 3] };
    await withPool([1, file, options], async (pool) => {
      const seen = await pool.run(['ONE', 'TWO', 'PATH']);
      assert.deepEqual(seen.env, { ONE: 'first', TWO: '2' });
      assert.deepEqual(seen.arguments, ['--flag', 'text', '3']);
    });
  });

  test(`${kind}: execArgv`, async () => {
    const options = { execArgv: ['--conditions=pool-test', '--no-warnings'] };
    await withPool([1, file, options], async (pool) => {
      const { execArgv } = await pool.run([]);
      for (const flag of options.execArgv) assert.ok(execArgv.includes(flag), execArgv.join(' '));
    });
  });

  test(`${kind}: resourceLimits`, async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 48, stackSizeMb: 2 };
    await withPool([1, file, { resourceLimits }], async (pool) => {
      const { resourceLimits: seen } = await pool.run([]);
      assert.equal(seen.maxOldGenerationSizeMb, 48);
      assert.equal(seen.stackSizeMb, 2);
    });
  });
}

test('env: SHARE_ENV', async () => {
  await withPool([1, files.function, { env: SHARE_ENV }], async (pool) => {
    process.env.WORKER_POOL_TEST = 'set after the start';
    try {
      const { env } = await pool.run(['WORKER_POOL_TEST']);
      assert.deepEqual(env, { WORKER_POOL_TEST: 'set after the start' });
    } finally {
      delete process.env.WORKER_POOL_TEST;
    }
  });
});

test('what the file says of itself: argv[1], import.meta, require.main', async () => {
  const { fileURLToPath } = require('node:url');
  await withPool([1, files['documentation, CommonJS']], async (pool) => {
    const seen = await pool.run([]);
    assert.equal(seen.filename, files['documentation, CommonJS']);
    assert.equal(seen.argv1, files['documentation, CommonJS']);
  });
  await withPool([1, files['documentation, ES module']], async (pool) => {
    const seen = await pool.run([]);
    assert.equal(fileURLToPath(seen.filename), files['documentation, ES module']);
    assert.equal(seen.argv1, files['documentation, ES module']);
  });
});

// A Worker refuses flags of the whole process when they are given by name.
test('a process that was started with flags', async () => {
  const sums = await runProgram(async ({ file }) => {
    const { WorkerPool } = require('async-hooks-rs');
    const results = [];
    for (const options of [{}, { execArgv: ['--no-warnings'] }]) {
      const pool = new WorkerPool(1, file, options);
      results.push(await pool.run({ a: 42, b: 100 }));
      await pool.close();
    }
    return results;
  }, {
    args: ['--expose-gc', '--max-old-space-size=512', '--stack-size=900', '--title=pool'],
    data: { file: fixture('docs-task-processor.js') },
  });
  assert.deepEqual(sums, [142, 142]);
});

test('a preload of the process is loaded in each worker, as in any Worker', async () => {
  const seen = await runProgram(async ({ file }) => {
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, file);
    const { preloaded } = await pool.run([]);
    await pool.close();
    return [preloaded, globalThis.preloadedByWorkerPoolTest];
  }, { args: ['--require', fixture('options-preload.js')], data: { file: files.function } });
  assert.deepEqual(seen, ['preloaded', 'preloaded']);
});
