'use strict';

// Output of the threads in streams of the pool: the options `stdout` and `stderr`.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { text } = require('node:stream/consumers');
const { AsyncLocalStorage } = require('../../../index.js');
const { poolTest, test, fixture, turn } = require('../../helpers/pool-session.js');
const { runScript } = require('../../helpers/script.js');

const file = fixture('output-actions.js');
const piped = { stdout: 'pipe', stderr: 'pipe' };
const numbered = (count, prefix = '') =>
  Array.from({ length: count }, (_, i) => `${prefix}line ${i}\n`).join('');

poolTest('each stream has its own, and ends with the pool', {}, async ({ open }) => {
  const pool = open(1, file, piped);
  const both = Promise.all([text(pool.stdout), text(pool.stderr)]);
  for (let i = 0; i < 3; i++) await pool.run({ action: 'both', count: 100 });
  await pool.close();
  assert.deepEqual(await both, [numbered(100, 'out ').repeat(3), numbered(100, 'err ').repeat(3)]);
});

poolTest('what nobody reads is kept', {}, async ({ open }) => {
  const pool = open(2, file, { stdout: 'pipe' });
  assert.equal(pool.stderr, null);
  await Promise.all(Array.from({ length: 500 }, () => pool.run({ action: 'lines', count: 1 })));
  await pool.run({ action: 'large', size: 3_000_000 });
  await pool.close();
  const written = await text(pool.stdout);
  assert.ok(written.startsWith('line 0\n'.repeat(500)));
  assert.equal(written.length, 500 * 7 + 2 * 3_000_000 + 1);
});

poolTest('output is there before its task is settled', {}, async ({ open }) => {
  const pool = open(1, file, piped);
  const chunks = [];
  pool.stdout.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk));
  for (let i = 1; i <= 3; i++) {
    await pool.run({ action: 'lines', count: 20 });
    assert.equal(chunks.join(''), numbered(20).repeat(i));
  }
});

poolTest('nothing is lost at the end of a thread', {}, async ({ open }) => {
  const pool = open(1, file, piped);
  const written = text(pool.stdout);
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const controller = new AbortController();
  await assert.rejects(pool.run({ action: 'exits' }), { code: 'ERR_WORKER_POOL_WORKER_EXIT' });
  await assert.rejects(pool.run({ action: 'dies' }), { message: 'uncaught' });
  const looping = pool.run({ action: 'loops', flag }, { signal: controller.signal });
  while (Atomics.load(flag, 0) === 0) await turn();
  controller.abort();
  await assert.rejects(looping, { code: 'ABORT_ERR' });
  await pool.close();
  assert.equal(await written, `${numbered(20)}at exit\n${numbered(20)}${numbered(20)}`);
});

poolTest('listeners run in the contexts of the pool', {}, async ({ open }) => {
  const storage = new AsyncLocalStorage();
  const pool = storage.run('pool', () => open(1, file, piped));
  const seen = new Promise((resolve) => {
    storage.run('listener', () => pool.stdout.on('data', () => resolve(storage.getStore())));
  });
  await pool.ready();
  await turn(); // the stream flows
  await storage.run('task', () => pool.run({ action: 'lines', count: 1 }));
  assert.equal(await seen, 'pool');
});

poolTest('a stream that was destroyed takes nothing', {}, async ({ open }) => {
  const pool = open(1, file, piped);
  pool.stdout.destroy();
  await once(pool.stdout, 'close');
  await pool.run({ action: 'both', count: 1 });
  await pool.close();
  assert.equal(await text(pool.stderr), numbered(1, 'err '));
});

poolTest('null without the options', {}, async ({ open }) => {
  const pool = open(1, file, { stdout: 'inherit', stderr: undefined });
  assert.deepEqual([pool.stdout, pool.stderr], [null, null]);
});

poolTest('of a native processor there is none', {}, async ({ open }) => {
  const pool = open(1, undefined, piped);
  assert.equal(await pool.run({ a: 1, b: 2 }), 3);
  await pool.close();
  assert.equal(await text(pool.stdout), '');
});

test('the other stream is inherited', async () => {
  const { stdout, stderr } = await runScript(`
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, ${JSON.stringify(file)}, { stdout: 'pipe' });
    pool.stdout.on('data', (chunk) => process.stdout.write(String(chunk).toUpperCase()));
    pool.run({ action: 'both', count: 2 }).then(() => pool.close());`);
  assert.equal(stdout, numbered(2, 'out ').toUpperCase());
  assert.equal(stderr, numbered(2, 'err '));
});
