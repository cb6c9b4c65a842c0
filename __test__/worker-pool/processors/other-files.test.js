'use strict';

// Files that tasks name in place of the pool's: the option `processor` of a task.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { storageFor } = require('async-hooks-rs/contexts');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { poolTest, fixture, events } = require('../../helpers/pool-session.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { runtime } = require('../../helpers/runtimes.js');
const { until } = require('../../helpers/with-pool.js');

const own = fixture('function-echo.js');
const other = fixture('exports.mjs');
const commonJS = fixture('exports.js');
const LOAD = 'ERR_WORKER_POOL_LOAD';

const cells = (length = 4) => new Int32Array(new SharedArrayBuffer(4 * length));

// Counts what is called in workerData: [evaluated, set up, torn down], and remembers.
const counting = (task = 'seen') => `
  const { threadId, workerData } = require('node:worker_threads');
  Atomics.add(workerData, 0, 1);
  const seen = [];
  exports.setup = async (given) => {
    await null;
    Atomics.add(workerData, 1, 1);
    seen.push(given.workerId === threadId && given.workerData === workerData ? 'setup' : given);
  };
  exports.teardown = async () => {
    await null;
    Atomics.add(workerData, 2, 1);
  };
  exports.broadcast = (value) => {
    if (value === 'fails') throw new RangeError('not this one');
    seen.push(value);
  };
  exports.default = () => ${task};
`;

poolTest('a task names its file, and the export of it', {}, async ({ open, submit }) => {
  const pool = open(1, own);
  assert.equal(await pool.run(1), 1);
  assert.deepEqual(await pool.run(21, { processor: other }), { default: 21 });
  assert.equal(await pool.run(21, { processor: other, export: 'twice' }), 42);
  const options = { processor: pathToFileURL(other), export: 'twice' };
  assert.equal(await pool.run(4, options), 8);
  assert.equal(await pool.run(4, { ...options, processor: options.processor.href }), 8);
  const relative = path.relative(process.cwd(), other);
  assert.deepEqual(await submit(pool, 5, { ...options, processor: relative }), {
    error: null,
    result: 10,
  });
  assert.equal(await pool.run([1], { processor: commonJS, export: 'lengthOf' }), undefined);
  assert.deepEqual(await pool.run('x', { processor: commonJS, export: 'later', attempt: 2 }), {
    value: 'x',
  });
  assert.equal(await pool.run(1, { processor: undefined }), 1);
  assert.equal(await pool.run(1, { processor: own }), 1);
});

poolTest('by all ways to submit one', {}, async ({ open }, t) => {
  const pool = open(2, own);
  const twice = { processor: other, export: 'twice' };
  assert.equal(pool.runSync(21, twice), 42);
  const results = [];
  for await (const result of pool.map([1, 2, 3], twice)) results.push(result);
  assert.deepEqual(results, [2, 4, 6]);
  const processor = processorFolder(t)(
    'stream.mjs',
    'export async function* count(to) { for (let i = 0; i < to; i++) yield i; }',
  );
  for (let i = 0; i < 2; i++) {
    const values = [];
    const options = { processor, export: 'count', highWaterMark: 2 };
    for await (const value of pool.stream(5, options)) values.push(value);
    assert.deepEqual(values, [0, 1, 2, 3, 4]);
  }
  const buffer = new ArrayBuffer(100);
  const moved = { processor: commonJS, export: 'lengthOf', transferList: [buffer] };
  assert.equal(await pool.run(buffer, moved), 100);
  assert.equal(await pool.run(new Uint8Array(1e6), { ...moved, transferList: [] }), 1e6);
});

poolTest('the name of the pool is for other files, too', {}, async ({ open }) => {
  const pool = open(1, other, { name: 'twice' });
  await assert.rejects(pool.run(1, { processor: commonJS }), {
    code: 'ERR_WORKER_POOL_EXPORT_UNKNOWN',
    message: /exports\.js exports no function "twice"/,
  });
  assert.equal(await pool.run(3, { processor: other }), 6);
});

poolTest('each thread loads and sets up a file once, and tears it down', {}, async (s, t) => {
  const write = processorFolder(t);
  const workerData = cells();
  const pool = s.open(1, own, { workerData, tasksPerWorker: 4 });
  const processor = write('a.cjs', counting());
  const together = [1, 2, 3].map((task) => pool.run(task, { processor }));
  for (const seen of await Promise.all(together)) assert.deepEqual(seen, ['setup']);
  assert.deepEqual(await pool.run(4, { processor }), ['setup']);
  assert.deepEqual([...workerData], [1, 1, 0, 0]);
  await pool.recycle();
  assert.deepEqual([...workerData], [1, 1, 1, 0]);
  await pool.run(4, { processor });
  await pool.close();
  assert.deepEqual([...workerData], [2, 2, 2, 0]);
});

poolTest('all files tear down, the last one first, also after a failure', {}, async (s, t) => {
  const write = processorFolder(t);
  const workerData = cells();
  const tearing = (place, end = '') => `
    const { workerData } = require('node:worker_threads');
    exports.default = () => 1;
    exports.teardown = () => { workerData[${place}] = Atomics.add(workerData, 3, 1) + 1; ${end} };
  `;
  const pool = s.open(1, write('own.cjs', tearing(0)), { workerData });
  const failed = events(pool, 'error', 1);
  const processor = write('b.cjs', tearing(2, 'throw new RangeError("locked")'));
  await pool.run(1, { processor: write('a.cjs', tearing(1)) });
  await pool.run(1, { processor });
  await pool.close();
  assert.deepEqual([...workerData], [3, 2, 1, 3]);
  const [[error]] = await failed;
  assert.equal(error.code, 'ERR_WORKER_POOL_TEARDOWN');
  assert.ok(error.message.includes(processor));
});

poolTest('with isolate, each task loads its file', {}, async ({ open }, t) => {
  const workerData = cells();
  const pool = open(2, own, { workerData, isolate: true });
  const processor = processorFolder(t)('a.cjs', counting());
  const tasks = Array.from({ length: 3 }, (_, task) => pool.run(task, { processor }));
  for (const seen of await Promise.all(tasks)) assert.deepEqual(seen, ['setup']);
  await pool.close();
  assert.deepEqual([...workerData], [3, 3, 3, 0]);
});

poolTest('in a process, too', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const pool = open(1, own, { runtime: 'child_process' });
  const ended = write('ended');
  const processor = write(
    'a.cjs',
    `exports.default = (task) => [task, process.pid];
     exports.teardown = () => require('node:fs').writeFileSync(${JSON.stringify(ended)}, 'yes');`,
  );
  const [task, pid] = await pool.run(1, { processor });
  assert.equal(task, 1);
  assert.notEqual(pid, process.pid);
  await pool.close();
  assert.equal(fs.readFileSync(ended, 'utf8'), 'yes');
});

poolTest('values for all threads', {}, async ({ open }, t) => {
  const workerData = cells();
  const write = processorFolder(t);
  const pool = open(1, write('own.cjs', counting()), { workerData });
  const processor = write('other.cjs', counting());
  await pool.broadcast(1);
  await pool.broadcast(2);
  assert.deepEqual(await pool.run(0, { processor }), ['setup', 2]);
  await pool.broadcast(3);
  assert.deepEqual(await pool.run(0, { processor }), ['setup', 2, 3]);
  assert.deepEqual(await pool.run(0), ['setup', 1, 2, 3]);
  await pool.run(0, { processor: other }); // has none
  const failing = write('failing.cjs', 'exports.broadcast = () => { throw new Error("own"); };');
  const { cause: first } = await pool.run(0, { processor: failing }).catch((error) => error);
  assert.match(first.message, /failing\.cjs failed: own$/);
  await assert.rejects(pool.broadcast('fails'), (error) => {
    assert.equal(error.code, 'ERR_WORKER_POOL_BROADCAST');
    return error.cause.message === 'not this one';
  });
  await pool.broadcast(4);
  assert.deepEqual(await pool.run(0, { processor }), ['setup', 2, 3, 4]);
});

poolTest('without the export of the pool, values are refused', {}, async ({ open }, t) => {
  const pool = open(1, own, { workerData: cells() });
  const processor = processorFolder(t)('a.cjs', counting());
  await pool.run(1, { processor });
  await assert.rejects(pool.broadcast(1), { code: 'ERR_WORKER_POOL_EXPORT_UNKNOWN' });
  assert.deepEqual(await pool.run(1, { processor }), ['setup']);
});

poolTest('a file that cannot be loaded fails its task only', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const pool = open(1, own);
  const threads = [];
  pool.on('workerCreate', (id) => threads.push(id));
  for (const [name, source, reason] of [
    ['missing.cjs', undefined, /missing\.cjs/],
    ['missing.mjs', undefined, /missing\.mjs/],
    ['syntax.mjs', 'export default (;', /./],
    ['throws.cjs', 'throw new RangeError("evaluated");', /evaluated/],
    ['rejects.cjs', 'module.exports = Promise.reject(new Error("none"));', /none/],
  ]) {
    const processor = write(name, source);
    await assert.rejects(pool.run(1, { processor }), (error) => {
      assert.deepEqual([error.name, error.code], ['Error', LOAD]);
      assert.ok(error.message.includes(pathToFileURL(processor).href), error.message);
      assert.ok(error.cause instanceof Error);
      assert.match(error.cause.message, reason);
      return true;
    });
  }
  assert.equal(await pool.run(2), 2);
  assert.equal(threads.length, 1);
});

poolTest('so does a URL that no path has', {}, async ({ open, submit }) => {
  const { error } = await submit(open(1, own), 1, { processor: 'file:///a%2Fb.cjs' });
  assert.deepEqual([error.code, error.cause.code], [LOAD, 'ERR_INVALID_FILE_URL_PATH']);
});

poolTest('the next task looks again for a file that was missing', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const pool = open(1, own);
  for (const name of ['later.cjs', 'later.mjs']) {
    const processor = write(name);
    const failed = await Promise.allSettled([1, 2].map((task) => pool.run(task, { processor })));
    for (const { reason } of failed) assert.equal(reason.code, LOAD);
    const start = name.endsWith('.mjs') ? 'export default' : 'module.exports =';
    write(name, `${start} () => 'here';`);
    assert.equal(await pool.run(3, { processor }), 'here');
  }
});

poolTest('the next task tries again a setup that has failed', {}, async ({ open }, t) => {
  const workerData = cells();
  const pool = open(1, own, { workerData });
  const processor = processorFolder(t)(
    'setup.cjs',
    `const { workerData } = require('node:worker_threads');
     let evaluated = 0;
     evaluated++;
     exports.setup = () => {
       if (Atomics.add(workerData, 0, 1) === 0) throw new RangeError('not yet');
     };
     exports.default = () => evaluated;`,
  );
  await assert.rejects(pool.run(1, { processor }), (error) => {
    assert.deepEqual([error.code, error.cause.code], [LOAD, 'ERR_WORKER_POOL_SETUP']);
    assert.equal(error.cause.cause.message, 'not yet');
    return true;
  });
  assert.equal(await pool.run(1, { processor }), 1);
  assert.deepEqual([workerData[0], await pool.run(1, { processor })], [2, 1]);
});

poolTest('it is loaded in no context, and called in that of the task', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const contexts = JSON.stringify(require.resolve('async-hooks-rs/contexts'));
  const body = `
    const storage = storageFor('other-files.test');
    const atLoad = storage.getStore();
    const later = new Promise((resolve) => setImmediate(() => resolve(storage.getStore())));
    let atSetup;
    const setup = async () => { await null; atSetup = storage.getStore(); };
    const task = async () => [atLoad, await later, atSetup, storage.getStore()];
  `;
  const files = [
    write(
      'a.cjs',
      `const { storageFor } = require(${contexts});
       ${body}
       module.exports = { default: task, setup };`,
    ),
    write(
      'b.mjs',
      `import { createRequire } from 'node:module';
       const { storageFor } = createRequire(import.meta.url)(${contexts});
       ${body}
       export { task as default, setup };`,
    ),
  ];
  const storage = storageFor('other-files.test');
  const pool = open(1, own, { contexts: [storage] });
  for (const processor of files) {
    for (const store of ['first', 'second']) {
      const seen = await storage.run(store, () => pool.run(1, { processor }));
      assert.deepEqual(seen, [undefined, undefined, undefined, store], processor);
    }
  }
});

poolTest('a task that is aborted while its file is loaded', {}, async ({ open, submit }, t) => {
  // Deno may have taken the news from the port already, and hears it a turn later.
  const turn = runtime === 'deno' ? 'await new Promise(setImmediate);' : '';
  const processor = processorFolder(t)(
    'slow.mjs',
    `import { workerData } from 'node:worker_threads';
     Atomics.store(workerData, 0, 1);
     while (Atomics.load(workerData, 1) === 0) await new Promise(setImmediate);
     export default async (task, { signal }) => {
       ${turn}
       Atomics.add(workerData, signal.aborted ? 2 : 3, 1);
       return 'loaded';
     };`,
  );
  const workerData = cells();
  const pool = open(1, own, { workerData, abortGrace: 60_000 });
  const controller = new AbortController();
  const aborted = submit(pool, 1, { processor, signal: controller.signal });
  await until(() => Atomics.load(workerData, 0) === 1);
  controller.abort();
  assert.equal((await aborted).error.code, 'ABORT_ERR');
  Atomics.store(workerData, 1, 1);
  assert.equal(await pool.run(1, { processor }), 'loaded');
  assert.deepEqual([...workerData], [1, 1, 1, 1]);
});

poolTest('a missing export lists those of that file, and channels tell it', {}, async (x, t) => {
  const pool = x.open(1, own);
  const told = [];
  const listener = (message) => told.push([message.processor, message.export]);
  subscribe('async-hooks-rs:pool:end', listener);
  t.after(() => unsubscribe('async-hooks-rs:pool:end', listener));
  await assert.rejects(pool.run(1, { processor: other, export: 'shrink' }), (error) => {
    assert.equal(error.code, 'ERR_WORKER_POOL_EXPORT_UNKNOWN');
    assert.match(error.message, /exports\.mjs exports no function "shrink"/);
    assert.match(error.message, /Its functions are: add, default, twice$/);
    return true;
  });
  const empty = processorFolder(t)('empty.cjs', '');
  await assert.rejects(pool.run(1, { processor: empty }), /Its functions are: none$/);
  await pool.run(2);
  assert.deepEqual(told, [
    [pathToFileURL(other).href, 'shrink'],
    [pathToFileURL(empty).href, undefined],
    [pathToFileURL(own).href, undefined],
  ]);
});

poolTest('a pool whose processor listens, and a native one, refuse it', {}, async ({ open }) => {
  const listening = open(1, fixture('docs-echo.js'));
  for (const options of [{ processor: other }, { processor: other, export: 'twice' }]) {
    await assert.rejects(listening.run(1, options), (error) => {
      assert.deepEqual([error.name, error.code], ['TypeError', 'ERR_WORKER_POOL_NO_EXPORTS']);
      assert.match(error.message, /exports\.mjs cannot be called: that of the pool listens/);
      return true;
    });
  }
  await listening.run('goes on');
  const native = open(1);
  const refused = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /options\.processor/ };
  await assert.rejects(native.run({ a: 1, b: 2 }, { processor: other }), refused);
  assert.throws(() => native.runTask({ a: 1, b: 2 }, { processor: other }, () => {}), refused);
  assert.throws(() => native.map([], { processor: other }), refused);
});

poolTest('errors that threads make have the stack of the call', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const functions = open(1, own);
  const listening = open(1, fixture('docs-echo.js'));
  for (const [pool, options, code] of [
    [functions, { processor: write('missing.cjs') }, LOAD],
    // The message has lines as stacks have them.
    [functions, { processor: write('a.cjs', "throw new Error('one\\n    at two');") }, LOAD],
    [functions, { processor: other, export: 'shrink' }, 'ERR_WORKER_POOL_EXPORT_UNKNOWN'],
    [listening, { processor: other }, 'ERR_WORKER_POOL_NO_EXPORTS'],
  ]) {
    await assert.rejects(pool.run(1, options), (error) => {
      assert.equal(error.code, code);
      assert.ok(error.stack.includes(__filename), error.stack);
      assert.ok(error.stack.startsWith(`${error.name} [${code}]: ${error.message}\n    at `));
      return true;
    });
  }
});

poolTest('what is no path or URL of a file is refused', {}, async ({ open }) => {
  const pool = open(1, own);
  for (const processor of [null, 5, {}, () => {}, { native: 'add' }, [other]]) {
    await assert.rejects(pool.run(1, { processor }), (error) => {
      assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
      assert.match(error.message, /"options\.processor" property must be a path or a file: URL/);
      assert.ok(error.stack.includes(__filename), error.stack);
      return true;
    });
  }
  await assert.rejects(pool.run(1, { processor: '' }), { code: 'ERR_OUT_OF_RANGE' });
  const processor = new URL('https://host/a.js');
  await assert.rejects(pool.run(1, { processor }), { code: 'ERR_INVALID_URL_SCHEME' });
  const inherited = Object.create({ processor: other });
  assert.equal(await pool.run(1, inherited), 1);
  Object.prototype.processor = other;
  try {
    assert.equal(await pool.run(1, {}), 1);
  } finally {
    delete Object.prototype.processor;
  }
});
