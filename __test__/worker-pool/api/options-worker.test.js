'use strict';

// Options that are passed to a Worker: workerData, env, argv, execArgv, resourceLimits,
// trackUnmanagedFds. The processor sees the same as in a Worker of its own. And `nice`, which Workers
// have not.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const { SHARE_ENV, Worker } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

const files = {
  'documentation, CommonJS': fixture('docs-environment.js'),
  'documentation, ES module': fixture('docs-environment.mjs'),
  'function': fixture('function-environment.js'),
};

/** The surroundings that a plain Worker with the documentation's file sees. */
async function inWorker(names) {
  const worker = new Worker(files['documentation, CommonJS']);
  worker.postMessage(names);
  const [seen] = await once(worker, 'message');
  await worker.terminate();
  return seen;
}

for (const [kind, file] of Object.entries(files)) {
  test(`${kind}: without options the surroundings are those of any Worker`, async () => {
    await withPool([1, file], async (pool) => {
      const seen = await pool.run(['PATH']);
      const { threadId, filename, ...expected } = await inWorker(['PATH']);
      assert.ok(seen.threadId > 0 && threadId > 0 && filename !== undefined);
      for (const [name, value] of Object.entries(expected)) {
        if (name !== 'argv1') assert.deepEqual(seen[name], value, name);
      }
    });
  });

  test(`${kind}: workerData is cloned anew for each worker`, async () => {
    const workerData = { list: [1, { two: 2 }], map: new Map([['k', 'v']]) };
    await withPool([2, file, { workerData }], async (pool) => {
      for (let i = 0; i < 5; i++) {
        const { workerData: seen } = await pool.run([]);
        assert.deepStrictEqual(seen, workerData);
      }
    });
  });

  test(`${kind}: env and argv reach the processor`, async () => {
    const options = { env: { ONE: 'first', TWO: '2' }, argv: ['--flag', 'text', 3] };
    await withPool([1, file, options], async (pool) => {
      const seen = await pool.run(['ONE', 'TWO', 'PATH']);
      assert.deepEqual(seen.env, { ONE: 'first', TWO: '2' });
      assert.deepEqual(seen.arguments, ['--flag', 'text', '3']);
    });
  });

  test(`${kind}: execArgv reaches the processor`, async () => {
    const options = { execArgv: ['--conditions=pool-test', '--no-warnings'] };
    await withPool([1, file, options], async (pool) => {
      const { execArgv } = await pool.run([]);
      for (const flag of options.execArgv) assert.ok(execArgv.includes(flag), execArgv.join(' '));
    });
  });

  test(`${kind}: resourceLimits reach the processor`, async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 48, stackSizeMb: 2 };
    await withPool([1, file, { resourceLimits }], async (pool) => {
      const { resourceLimits: seen } = await pool.run([]);
      assert.equal(seen.maxOldGenerationSizeMb, 48);
      assert.equal(seen.stackSizeMb, 2);
    });
  });
}

test('SHARE_ENV shares the environment', async () => {
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

test('argv[1], import.meta and require.main name the processor file', async () => {
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

// A Worker refuses process-wide flags that are passed by name.
test('workers start in a process with process-wide flags', async () => {
  const sums = await runProgram(
    async ({ file }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const results = [];
      for (const options of [{}, { execArgv: ['--no-warnings'] }]) {
        const pool = new WorkerPool(1, file, options);
        results.push(await pool.run({ a: 42, b: 100 }));
        await pool.close();
      }
      return results;
    },
    {
      args: ['--expose-gc', '--max-old-space-size=512', '--stack-size=900', '--title=pool'],
      data: { file: fixture('docs-task-processor.js') },
    },
  );
  assert.deepEqual(sums, [142, 142]);
});

test('each worker loads a preload of the process, as any Worker does', async () => {
  const seen = await runProgram(
    async ({ file }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(1, file);
      const { preloaded } = await pool.run([]);
      await pool.close();
      return [preloaded, globalThis.preloadedByWorkerPoolTest];
    },
    { args: ['--require', fixture('options-preload.js')], data: { file: files.function } },
  );
  assert.deepEqual(seen, ['preloaded', 'preloaded']);
});

test('trackUnmanagedFds: the files that a thread has left open are closed with it', async (t) => {
  const file = processorFolder(t)(
    'open.cjs',
    "module.exports = (file) => require('node:fs').openSync(file);\n",
  );
  const { ino } = fs.statSync(file);
  for (const [options, left] of [
    [{}, false],
    [{ trackUnmanagedFds: true }, false],
    [{ trackUnmanagedFds: false }, true],
  ]) {
    let opened;
    await withPool([1, file, { ...options, execArgv: ['--no-warnings'] }], async (pool) => {
      opened = await pool.run(file);
    });
    assert.equal(isOpen(opened, ino), left, JSON.stringify(options));
    if (left) fs.closeSync(opened);
  }
});

/** Whether the descriptor is that of the file. */
function isOpen(descriptor, ino) {
  try {
    return fs.fstatSync(descriptor).ino === ino;
  } catch {
    return false;
  }
}

test('nice: on Linux the threads have it, and the program does not', async (t) => {
  const file = processorFolder(t)(
    'priority.cjs',
    "module.exports = () => require('node:os').getPriority();\n",
  );
  const before = os.getPriority();
  await withPool([1, file, { nice: 19 }], async (pool) => {
    assert.equal(await pool.run(), process.platform === 'linux' ? 19 : before);
    assert.equal(os.getPriority(), before);
  });
  await withPool([1, file], async (pool) => assert.equal(await pool.run(), before));
  await withPool([1, { native: 'add' }, { nice: 19 }], async (pool) => {
    assert.equal(await pool.run({ a: 1, b: 2 }), 3);
  });
});
