'use strict';

// Pools whose tasks run in child processes: what a task gets and gives is the same as in a thread.

const assert = require('node:assert/strict');
const { after, describe, it } = require('node:test');
const { WorkerPool } = require('../../../index.js');
const { storageFor } = require('../../../contexts.js');
const { fixture, unavailable } = require('../../helpers/pool-session.js');

const user = storageFor('user', {
  merge: (original, returned) => Object.assign(original, returned),
});

describe('a pool of processes', { timeout: 120_000, skip: unavailable }, () => {
  const workerData = { list: new Set([1]) };
  const pool = new WorkerPool(1, fixture('process.cjs'), {
    runtime: 'child_process',
    workerData,
    argv: ['first', 2],
    execArgv: ['--expose-gc'],
    env: { GIVEN: 'yes' },
    contexts: [{ storage: user, returns: true }],
    abortGrace: 60_000,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  after(() => pool.close());
  const run = (name, task, options) => pool.run(task, { export: name, ...options });

  it('its tasks run in another process, in the main thread there', async () => {
    const { pid, argv, execArgv } = await run('where');
    assert.notEqual(pid, process.pid);
    assert.deepEqual([argv, execArgv], [['first', '2'], ['--expose-gc']]);
    assert.deepEqual(await Promise.all(['GIVEN', 'PATH'].map((name) => run('variable', name))), [
      'yes',
      undefined,
    ]);
    const { given, isMainThread } = await run('whatIsGiven');
    assert.deepEqual(given.data, workerData);
    assert.deepEqual([given.isOwn, given.isSame, isMainThread], [true, true, true]);
  });

  it('values are copied as for a thread', async () => {
    const buffer = Buffer.from('abc').buffer.slice(0, 3);
    const shared = { list: [1n, -0, new Date(5), /x/g, new Map([[{}, new Set([NaN])]])] };
    const task = { undefined, shared, again: shared, bytes: new Uint8Array(buffer), error: null };
    assert.deepEqual(await pool.run(task), task);
    const copy = await pool.run(task);
    assert.equal(copy.again, copy.shared);
    const large = new Uint8Array(1_000_000).fill(3);
    assert.deepEqual(await pool.run({ large, text: 'y'.repeat(300_000) }), {
      large,
      text: 'y'.repeat(300_000),
    });
    class Point {
      x = 1;
    }
    assert.deepEqual(await pool.run(new Point()), { x: 1 });
  });

  it('what would be moved is copied; what cannot be is refused', async () => {
    const { buffer } = new Uint8Array([1, 2, 3]);
    assert.deepEqual(
      await pool.run(buffer, { transferList: [buffer] }),
      new Uint8Array([1, 2, 3]).buffer,
    );
    assert.equal(buffer.byteLength, 0); // the sender has lost it
    assert.deepEqual(await run('moved', 20_000), new Uint8Array(20_000).fill(7));
    const code = 'ERR_WORKER_POOL_NOT_CLONEABLE';
    const { port1, port2 } = new MessageChannel();
    await assert.rejects(pool.run(new SharedArrayBuffer(8)), { code, message: /another process/ });
    await assert.rejects(pool.run({ port1 }, { transferList: [port1] }), { code });
    port2.close();
    await assert.rejects(run('unclonable'), { code, message: /result .* another process/ });
    await assert.rejects(run('badStep', 1, { onProgress() {} }), { code });
  });

  it('errors are those of threads', async () => {
    const error = await run('fail', { how: 'error' }).catch((thrown) => thrown);
    assert.ok(error instanceof RangeError);
    assert.deepEqual([error.name, error.message, error.code], ['Refusal', 'no', 'E_NO']);
    assert.deepEqual(error.details, new Map([[1, 2]]));
    assert.ok(error.cause instanceof TypeError);
    assert.match(error.stack, /process\.cjs/);
    await assert.rejects(run('fail', { how: 5 }), (thrown) => thrown === 5);
    await assert.rejects(run('none'), { code: 'ERR_WORKER_POOL_EXPORT_UNKNOWN' });
  });

  it('exports by name, synchronous calls, and what a task knows of its run', async () => {
    assert.equal(await pool.call.add(2, 3), 5);
    assert.equal(pool.runSync(7), 7);
    const { id, ...info } = await run('info', 1, { attempt: 3 });
    assert.match(id, /^[1-9]\d*-\d+$/);
    assert.deepEqual(info, { name: 'info', attempt: 3, aborted: false });
  });

  it('progress comes in order, before the result', async () => {
    const told = [];
    const onProgress = (value) => told.push(value.step);
    assert.equal(await run('steps', 5, { onProgress }), 'done');
    assert.deepEqual(told, [1, 2, 3, 4, 5]);
  });

  it('stores come with a task, and return with its result', async () => {
    assert.equal(await run('user'), undefined);
    const store = { name: 'Ada' };
    await user.run(store, async () => {
      assert.deepEqual(await run('user'), { name: 'Ada' });
      await run('rename', 'Grace');
    });
    assert.deepEqual(store, { name: 'Grace' });
    assert.equal(await run('user'), undefined);
  });

  it('streams: values in the contexts of the call, an end, a break, an error', async () => {
    const values = [];
    const stream = user.run({ name: 'Ada' }, () =>
      pool.stream({ to: 40 }, { export: 'numbers', highWaterMark: 2 }),
    );
    for (;;) {
      const { value, done } = await stream.next();
      if (done) {
        assert.equal(value, 'end');
        break;
      }
      assert.deepEqual(value.user, { name: 'Ada' });
      values.push(value.i);
    }
    assert.deepEqual(
      values,
      Array.from({ length: 40 }, (_, i) => i),
    );
    for await (const { i } of pool.stream({ to: Infinity }, { export: 'numbers' })) {
      if (i === 3) break;
    }
    const failing = pool.stream({ to: 1, fails: true }, { export: 'numbers' });
    await assert.rejects(Array.fromAsync?.(failing) ?? drained(failing), { name: 'Refusal' });
    const { seen } = await run('whatIsGiven');
    assert.deepEqual(seen, ['closed', 'closed', 'closed']);
  });

  it('broadcast() reaches the process, and its error comes back', async () => {
    await pool.broadcast({ rates: [1, 2] });
    const { seen } = await run('whatIsGiven');
    assert.deepEqual(seen.at(-1), { rates: [1, 2] });
    await assert.rejects(pool.broadcast('refused'), (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_BROADCAST');
      return error.cause instanceof RangeError;
    });
    await assert.rejects(pool.broadcast(new SharedArrayBuffer(8)), ({ code, cause }) => {
      assert.equal(code, 'ERR_WORKER_POOL_BROADCAST');
      return cause.code === 'ERR_WORKER_POOL_NOT_CLONEABLE';
    });
    await pool.broadcast(1); // the latest one is for processes to come
  });

  it('a signal of the terminal is for the program', async () => {
    const { pid } = await run('where');
    assert.equal(await run('kill', 'SIGINT'), true);
    assert.equal((await run('where')).pid, pid);
  });

  it('a task that heeds its abort keeps its process', async () => {
    const { pid } = await run('where');
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const aborted = run('untilAborted', 1, { signal: controller.signal, onProgress });
    await assert.rejects(aborted, { name: 'AbortError' });
    assert.equal((await run('where')).pid, pid);
  });

  it('messages of the processor to its parent are nothing to the pool', async () => {
    const { pid } = await run('where');
    await run('send', [{ a: 1 }, null, 5, 'text', ['text', 0, 0, 'text'], [1, 2, 3, {}]]);
    assert.equal((await run('where')).pid, pid);
  });

  it('output that is written before a reply comes before the result', async () => {
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      pool[name].setEncoding('utf8').on('data', (chunk) => {
        texts[name] += chunk;
      });
    }
    assert.equal(await run('write', 5000), 'written');
    await new Promise(setImmediate); // of streams, which tell their listeners later
    const lines = texts.stdout.split('\n');
    assert.equal(lines.length, 5001);
    assert.ok(lines[4999].startsWith('line 4999 '), lines[4999]);
    assert.equal(texts.stderr, 'an error\n');
  });

  it('no task waits for output that the processor holds back', async () => {
    await run('holdBack');
    assert.equal(await pool.run('next'), 'next');
  });
});

async function drained(stream) {
  for await (const value of stream) void value;
}
