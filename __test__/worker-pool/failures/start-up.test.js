'use strict';

// Processors that cannot start: every waiting task fails soon with the reason, the pool does not
// start worker after worker in vain, and a later task tries again.

const assert = require('node:assert/strict');
const { setTimeout: sleep } = require('node:timers/promises');
const { pathToFileURL } = require('node:url');
const { runScript } = require('../../helpers/script.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { poolTest, test, events, turn } = require('../../helpers/pool-session.js');

const THREADS = 2;
const TASKS = 20;

function assertStartError(error) {
  assert.ok(error instanceof Error, String(error));
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
  assert.notEqual(error.cause, undefined);
  return error.cause;
}

const says = (pattern) => (cause) => {
  assert.ok(cause instanceof Error, String(cause));
  assert.match(cause.message, pattern);
};

const broken = {
  'is missing': ['missing.js', undefined, says(/Cannot find module .*missing\.js/)],
  'has a syntax error': [
    'syntax.js',
    'const = 1;',
    (cause) => {
      assert.ok(cause instanceof SyntaxError);
    },
  ],
  'has a syntax error, as an ES module': [
    'syntax.mjs',
    'export default (',
    (cause) => {
      assert.ok(cause instanceof SyntaxError);
    },
  ],
  'throws at load': [
    'throws.js',
    'throw new RangeError("at load");',
    (cause) => {
      assert.ok(cause instanceof RangeError);
      assert.equal(cause.message, 'at load');
      assert.match(cause.stack, /throws\.js/);
    },
  ],
  'throws at load what is no error': [
    'odd.js',
    'throw "only text";',
    (cause) => assert.equal(cause, 'only text'),
  ],
  'rejects in a top-level await': [
    'rejects.mjs',
    'await Promise.reject(new TypeError("awaited")); export default () => 1;',
    (cause) => {
      assert.ok(cause instanceof TypeError);
      assert.equal(cause.message, 'awaited');
    },
  ],
  'requires what is missing': [
    'requires.js',
    'require("./not-there.js");',
    says(/Cannot find module .*not-there\.js/),
  ],
  'exits at load': ['exits.js', 'process.exit(7);', says(/7/)],
  'exits at load with code 0': ['exits-0.js', 'process.exit(0);', says(/./)],
  'throws in a timer while it loads': [
    'late.mjs',
    'setTimeout(() => { throw new Error("while it loads"); }, 1); await new Promise(() => {});',
    says(/while it loads/),
  ],
  'exports nothing and listens to nothing': ['nothing.js', '', says(/./)],
  'exports nothing as an ES module': ['nothing.mjs', '', says(/./)],
  'exports no function': ['object.js', 'module.exports = { add: 1 };', says(/./)],
  'exports no function as its default': ['object.mjs', 'export default 5;', says(/./)],
  'has no export of that name': [
    'named.js',
    'exports.add = () => 1;',
    says(/multiply/),
    { name: 'multiply' },
  ],
  'has no function of that name': [
    'constant.mjs',
    'export const multiply = 5;',
    says(/multiply/),
    { name: 'multiply' },
  ],
};

for (const [what, [name, source, checkCause, options]] of Object.entries(broken)) {
  poolTest(`a processor that ${what} fails its tasks`, {}, async ({ open, submit }, t) => {
    const file = processorFolder(t)(name, source);
    const pool = open(THREADS, file, options);
    let created = 0;
    let destroyed = 0;
    const errors = [];
    pool.on('workerCreate', () => {
      created++;
    });
    pool.on('workerDestroy', () => {
      destroyed++;
    });
    pool.on('error', (error) => errors.push(error));

    const failAll = async () => {
      const tasks = Array.from({ length: TASKS }, () => submit(pool, { a: 1, b: 2 }));
      for (const { error, result } of await Promise.all(tasks)) {
        assert.equal(result, null);
        checkCause(assertStartError(error));
      }
    };
    await failAll();
    while (pool.numThreads > 0) await events(pool, 'workerDestroy');
    // Time is the subject: no worker may start without a task.
    await sleep(150);
    assert.ok(created <= THREADS, `${created} workers for ${THREADS} threads`);
    assert.equal(destroyed, created);
    assert.equal(pool.numThreads, 0);

    await failAll();
    await sleep(50);
    assert.ok(created <= 2 * THREADS, `${created} workers for two rounds`);
    assert.deepEqual([pool.completed, pool.failed, pool.queueSize], [0, 2 * TASKS, 0]);
    assert.deepEqual(errors, []); // each task has it
  });
}

for (const [form, good] of Object.entries({
  'a function': 'module.exports = ({ a, b }) => a + b;',
  "the docs' form": `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ a, b }) => parentPort.postMessage(a + b));`,
})) {
  poolTest(`a mended processor file works, ${form}`, {}, async ({ open, submit }, t) => {
    const write = processorFolder(t);
    const file = write('mended.js', 'throw new Error("broken");');
    const pool = open(2, pathToFileURL(file));
    pool.on('error', () => {});
    const { error } = await submit(pool, { a: 1, b: 2 });
    assert.equal(assertStartError(error).message, 'broken');
    while (pool.numThreads > 0) await events(pool, 'workerDestroy');
    write('mended.js', good);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, a) => submit(pool, { a, b: 1 })),
    );
    assert.deepEqual(
      outcomes,
      outcomes.map((_, a) => ({ error: null, result: a + 1 })),
    );
    assert.ok(pool.numThreads >= 1 && pool.numThreads <= 2);
  });

  // The first workers start; a replacement cannot.
  poolTest(`a file that breaks fails later tasks, ${form}`, {}, async ({ open, submit }, t) => {
    const write = processorFolder(t);
    const file = write('breaks.js', good.replace('a + b', '(a < 0 ? process.exit(3) : a + b)'));
    const pool = open(1, file);
    pool.on('error', () => {});
    assert.deepEqual(await submit(pool, { a: 1, b: 2 }), { error: null, result: 3 });
    write('breaks.js', 'throw new Error("broken meanwhile");');
    const outcomes = await Promise.all([-1, 1, 2, 3].map((a) => submit(pool, { a, b: 0 })));
    assert.equal(outcomes[0].error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
    for (const { error } of outcomes.slice(1)) {
      assert.equal(assertStartError(error).message, 'broken meanwhile');
    }
    while (pool.numThreads > 0) await events(pool, 'workerDestroy');
    write('breaks.js', good);
    assert.deepEqual(await submit(pool, { a: 4, b: 4 }), { error: null, result: 8 });
    assert.deepEqual([pool.completed, pool.failed], [2, 4]);
  });
}

// Only one of the workers cannot start: the tasks have the others.
poolTest('one worker of three may die at start', {}, async ({ open, submit }, t) => {
  const flags = new Int32Array(new SharedArrayBuffer(4));
  const file = processorFolder(t)(
    'first.js',
    `
    const { workerData } = require('node:worker_threads');
    if (Atomics.add(workerData, 0, 1) === 1) process.exit(1);
    module.exports = ({ a, b }) => a + b;`,
  );
  const pool = open(3, file, { workerData: flags });
  pool.on('error', () => {});
  const outcomes = await Promise.all(
    Array.from({ length: TASKS }, (_, a) => submit(pool, { a, b: 1 })),
  );
  outcomes.forEach(({ error, result }, a) => {
    if (error === null) assert.equal(result, a + 1);
    else assertStartError(error);
  });
  const next = await Promise.all(
    Array.from({ length: TASKS }, (_, a) => submit(pool, { a, b: 1 })),
  );
  assert.deepEqual(
    next,
    next.map((_, a) => ({ error: null, result: a + 1 })),
  );
});

// One worker has begun a task; the next one cannot start, and the pool tries again.
poolTest('one worker of two may die at start while the other is busy', {}, async (session, t) => {
  const { open, submit } = session;
  const [LOADED, BEGUN, LEVEL] = [0, 1, 2];
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const file = processorFolder(t)(
    'second.js',
    `
    const { workerData: cells } = require('node:worker_threads');
    const wait = (level) => {
      while (Atomics.load(cells, ${LEVEL}) < level) Atomics.wait(cells, ${LEVEL}, level - 1);
    };
    const number = Atomics.add(cells, ${LOADED}, 1);
    if (number === 1) {
      wait(1);
      throw new Error('the second');
    }
    module.exports = (level) => {
      Atomics.add(cells, ${BEGUN}, 1);
      wait(level);
      return number;
    };`,
  );
  const set = (level) => {
    Atomics.store(cells, LEVEL, level);
    Atomics.notify(cells, LEVEL);
  };
  t.after(() => set(2));
  const pool = open(2, file, { workerData: cells });
  const busy = submit(pool, 2);
  while (cells[LOADED] < 2 || cells[BEGUN] < 1) await turn();
  const next = submit(pool, 0);
  set(1);
  assert.deepEqual(await next, { error: null, result: 2 });
  assert.deepEqual([pool.numThreads, pool.running], [2, 1]);
  set(2);
  assert.deepEqual(await busy, { error: null, result: 0 });
});

test('a program that only waits for its tasks ends, whatever their outcome', async () => {
  const { code, stdout, stderr } = await runScript(
    `
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(2, './no/such/processor.js');
    for (let i = 0; i < 5; i++) {
      pool.runTask(i, (error, result) => console.log(error.code, result));
    }
  `,
    { timeout: 20_000 },
  );
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(stdout, 'ERR_WORKER_POOL_WORKER_START null\n'.repeat(5));
});
