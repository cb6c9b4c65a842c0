'use strict';

// Processors of another addon, that of crates/processor-demo, on the threads of a WorkerPool.

const test = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { AsyncLocalStorage, WorkerPool } = require('../../index.js');
const { storageFor } = require('../../contexts.js');
const { withPool, outcomeOf, until } = require('../helpers/with-pool.js');

const file = path.resolve(__dirname, '../../crates/processor-demo/demo.node');
const addon = require(file);

const probes = addon.probes();
const example = (native, threads = 1) => [threads, { native, addon }];
const probe = (native, threads = 1) => [threads, { native, addon: probes }];
const MEGABYTE = 1024 * 1024;
const hex = (bytes) => Buffer.from(bytes).toString('hex');

// The first bytes of the hashes that the authors of BLAKE3 publish for the bytes 0, 1, … 250, 0, …
const HASHES = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc949'],
  [1, '2d3adedff11b61f14c886e35afa03673'],
  [1024, '42214739f095a406f3fc83deb889744a'],
  [102400, 'bc3e3d41a1146b069abffad3c0d44860'],
];

const input = (length) => Uint8Array.from({ length }, (_, i) => i % 251);

test('a processor hashes binary data of any size and kind', async () => {
  await withPool(example('blake3', 2), async (pool) => {
    for (const [length, expected] of HASHES) {
      const bytes = input(length);
      const padded = new Uint8Array(length + 9).fill(1);
      padded.set(bytes, 4);
      const views = [bytes, bytes.buffer, Buffer.from(bytes), padded.subarray(4, 4 + length)];
      for (const hash of await Promise.all(views.map((view) => pool.run(view)))) {
        assert.ok(hash instanceof Uint8Array);
        assert.equal(hash.length, 32);
        assert.equal(hex(hash).slice(0, 32), expected);
      }
    }
  });
});

test('a processor reads transferred ArrayBuffers, several views of one, and copies beside them', async () => {
  await withPool(probe('echo', 2), async (pool) => {
    const moved = new Uint8Array(50_000).map((_, i) => i);
    const expected = moved.slice();
    const copied = new Uint16Array(20_000).fill(7);
    const task = {
      first: Buffer.from(moved.buffer, 10, 8990),
      copied,
      second: Buffer.from(moved.buffer, 20_000, 10_000),
      small: Buffer.from(moved.buffer, 0, 5),
    };
    const echoed = await pool.run(task, { transferList: [moved.buffer] });
    assert.equal(moved.length, 0);
    assert.deepEqual(echoed.first, expected.slice(10, 9000));
    assert.deepEqual(echoed.copied, copied);
    assert.deepEqual(echoed.second, expected.slice(20_000, 30_000));
    assert.deepEqual(echoed.small, expected.slice(0, 5));
    // What an instance of a class has is copied with it.
    const instance = new (class {
      bytes = new Uint8Array(9000).fill(5);
    })();
    const { bytes } = instance;
    const clone = await pool.run(instance, { transferList: [bytes.buffer] });
    assert.deepEqual([clone.bytes[8999], bytes.length], [5, 0]);
  });
});

test('transferred memory is not copied, and is given back after the task', async (t) => {
  if (process.platform !== 'linux' || globalThis.Bun || globalThis.Deno) return t.skip('copies');
  const SIZE = 96 * MEGABYTE;
  const memory = () => process.memoryUsage.rss();
  await withPool(example('blake3-in-pieces'), async (pool) => {
    const hash = (bytes, options) => pool.run({ bytes }, options);
    await hash(new Uint8Array(9000));
    const before = memory();
    for (let i = 0; i < 5; i++) {
      const bytes = new Uint8Array(SIZE).fill(i);
      const full = memory();
      let most = 0;
      const onProgress = () => {
        most = Math.max(most, memory());
      };
      await hash(bytes, { transferList: [bytes.buffer], onProgress });
      assert.ok(most > before + SIZE / 2, 'it was there while the task ran');
      assert.ok(most < full + SIZE / 2, 'it was there twice');
      assert.ok(memory() < before + SIZE / 2, 'it is still there');
    }
  });
  await withPool(probe('wait'), async (pool) => {
    const before = memory();
    const ended = addon.aborted();
    const controller = new AbortController();
    const bytes = new Uint8Array(SIZE).fill(1);
    const options = {
      transferList: [bytes.buffer],
      signal: controller.signal,
      onProgress: () => controller.abort(),
    };
    await assert.rejects(pool.run(bytes, options), { name: 'AbortError' });
    await until(() => addon.aborted() === ended + 1);
    await until(() => memory() < before + SIZE / 2);
  });
  await withPool(probe('wait'), async (pool) => {
    const [running, waiting] = [new AbortController(), new AbortController()];
    const onProgress = () => {
      const before = memory();
      const bytes = new Uint8Array(SIZE).fill(1);
      const options = { transferList: [bytes.buffer], signal: waiting.signal };
      pool.run(bytes, options).catch(() => running.abort());
      waiting.abort(); // it waits for the one that runs, of which nothing comes
      assert.ok(memory() < before + SIZE / 2, 'it is still there');
    };
    await assert.rejects(pool.run(null, { signal: running.signal, onProgress }));
  });
});

test('values come back as they were', async () => {
  const large = 'x'.repeat(100_000);
  const values = [
    undefined,
    null,
    true,
    -0,
    2 ** 53,
    NaN,
    -5n,
    '',
    'ä',
    '中😀',
    large,
    `中${large}`,
    new Date(5),
    [1, [2, { three: 3 }]],
    { 'a': 1, '中': { b: large } },
    JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }'),
    new Float64Array([1.5, -0]),
    new BigInt64Array(5000).fill(-3n),
    new DataView(new ArrayBuffer(9000)),
    { list: [new Uint8Array(10_000).fill(1), new Uint16Array(9000).fill(2)], text: large },
  ];
  await withPool(probe('echo', 2), async (pool) => {
    const echoed = await Promise.all(values.map((value) => pool.run(value)));
    for (const [i, value] of values.entries()) assert.deepStrictEqual(echoed[i], value);
    // Keys that come often have a number for their list.
    for (let i = 0; i < 20; i++) {
      const list = Array.from({ length: 3 }, (_, id) => ({ id, name: `n${i}`, größe: [i] }));
      assert.deepStrictEqual(await pool.run(list), list);
    }
    assert.equal(await pool.run('\uD800!'), '\uFFFD!');
    assert.equal((await pool.run(new Date(NaN))).getTime(), NaN);
  });
});

test('errors have their codes, a panic fails one task, and the thread lives on', async () => {
  await withPool(probe('break'), async (pool) => {
    const failing = [
      ['panic', 'ERR_WORKER_POOL_NATIVE_PANIC', /'break' panicked: out of luck$/],
      ['any panic', 'ERR_WORKER_POOL_NATIVE_PANIC', /'break' panicked$/],
      ['code', 'ERR_MINE', /^as was asked for$/],
      ['memory', 'ERR_WORKER_POOL_OUT_OF_MEMORY', /memory/],
      ['kind', 'ERR_WORKER_POOL_NATIVE_TASK', /^a Map cannot be sent/],
      [new Map(), 'ERR_WORKER_POOL_NATIVE_TASK', /^received a Map$/],
      [new SharedArrayBuffer(1), 'ERR_WORKER_POOL_NATIVE_TASK', /shared memory/],
    ];
    const ended = [];
    pool.on('workerDestroy', (id) => ended.push(id));
    for (const [task, code, message] of failing) {
      const [error] = await outcomeOf(pool, task);
      assert.equal(error.code, code);
      assert.match(error.message, message);
    }
    assert.deepEqual(ended, []);
  });
});

test('a processor hears of an abort, and its pool goes on', async () => {
  await withPool(probe('wait'), async (pool) => {
    const before = addon.aborted();
    const controller = new AbortController();
    const onProgress = (value) => {
      assert.equal(value, 'started');
      controller.abort();
    };
    const waiting = pool.run(null, { signal: controller.signal, onProgress });
    await assert.rejects(waiting, { name: 'AbortError' });
    await until(() => addon.aborted() === before + 1);
    await assert.rejects(pool.run(null, { timeout: 1 }), { name: 'TimeoutError' });
    await until(() => addon.aborted() === before + 2);
  });
});

test('close() fails the tasks that run, and waits for their processors', async () => {
  const before = addon.aborted();
  const pools = [1, 2].map(() => new WorkerPool(...probe('wait')));
  const failed = [];
  const run = (pool) =>
    new Promise((resolve) => {
      pool.run(null, { onProgress: resolve }).catch(({ code }) => failed.push(code));
    });
  await Promise.all(pools.map(run));
  await Promise.all(pools.map((pool) => pool.close()));
  assert.deepEqual(failed, Array(2).fill('ERR_WORKER_POOL_CLOSED'));
  assert.equal(addon.aborted(), before + 2);
});

test('progress comes in order, in the context of the submission, from any thread', async () => {
  const storage = new AsyncLocalStorage();
  await withPool(example('blake3-in-pieces'), async (pool) => {
    const told = [];
    const onProgress = (done) => told.push([done, storage.getStore()]);
    const task = { bytes: new Uint8Array(4 * 1024 * 1024) };
    await storage.run('mine', () => pool.run(task, { onProgress }));
    assert.deepEqual(
      told,
      [0.25, 0.5, 0.75, 1].map((done) => [done, 'mine']),
    );
  });
  await withPool(probe('ask'), async (pool) => {
    const told = [];
    await pool.run(null, { onProgress: (number) => told.push(number) });
    assert.deepEqual(told.sort(), [0, 1, 2, 3]);
  });
});

test('a processor sees the contexts of the task', async () => {
  const user = storageFor('user');
  await withPool([...example('context'), { contexts: [user] }], async (pool) => {
    const store = { id: 7, picture: new Uint8Array(20_000).fill(3) };
    assert.deepStrictEqual(await user.run(store, () => pool.run('user')), store);
    assert.equal(await user.run(store, () => pool.run('nobody')), undefined);
    assert.equal(await pool.run('user'), undefined);
  });
});

test('what is no addon with processors is refused, and so is another version', () => {
  const open = (native, exports) => new WorkerPool(1, { native, addon: exports });
  const property = 'asyncHooksRsProcessors';
  const refusals = [
    ['blake3', 5, { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }],
    ['blake3', null, { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }],
    ['blake3', {}, { name: 'TypeError', code: 'ERR_WORKER_POOL_NATIVE_ADDON' }],
    ['blake3', Object.create(addon), { code: 'ERR_WORKER_POOL_NATIVE_ADDON' }],
    ['blake3', { [property]: {} }, { code: 'ERR_WORKER_POOL_NATIVE_ADDON' }],
    ['blake3', { [property]: new Proxy(addon[property], {}) }, { name: 'TypeError' }],
    [
      'none',
      addon,
      { name: 'RangeError', message: /one of blake3, .*, context\. Received .*'none'/ },
    ],
    ['add', addon, { code: 'ERR_WORKER_POOL_NATIVE_UNKNOWN' }],
    [
      'blake3',
      { [property]: addon.ofAnotherVersion() },
      { name: 'Error', code: 'ERR_WORKER_POOL_NATIVE_VERSION', message: /version 2\.3 .* 1\.0$/ },
    ],
  ];
  for (const [native, exports, refusal] of refusals) {
    assert.throws(() => open(native, exports), refusal);
  }
});

test('threads outlive the environment that has loaded the addon', async () => {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { WorkerPool } = require(workerData.index);
    const pool = new WorkerPool(1, { native: 'wait', addon: require(workerData.file).probes() });
    pool.run(null, { onProgress: () => parentPort.postMessage('runs') }).catch(() => {});`;
  const workerData = { index: path.resolve(__dirname, '../../index.js'), file };
  const before = addon.aborted();
  const worker = new Worker(program, { eval: true, workerData });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  await until(() => addon.aborted() === before + 1);
});

test('a task that is changed after its submission arrives as it was', async () => {
  await withPool(example('blake3'), async (pool) => {
    const bytes = input(102400);
    const hash = pool.run(bytes);
    bytes.fill(0);
    assert.equal(hex(await hash).slice(0, 32), HASHES.at(-1)[1]);
  });
});

test('the program of the guide prints the hash of a file', () => {
  const program = path.join(path.dirname(file), 'hash.js');
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.match(stdout, /^[0-9a-f]{64}\n$/, stderr);
});
