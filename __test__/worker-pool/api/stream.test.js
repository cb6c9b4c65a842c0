'use strict';

// pool.stream(): the values of a task that is a generator, one after the other, no faster than they
// are taken.

const assert = require('node:assert/strict');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { once } = require('node:events');
const { Readable } = require('node:stream');
const { AsyncLocalStorage } = require('../../../index.js');
const { storageFor } = require('async-hooks-rs/contexts');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, outcomeOf, turns, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('stream-actions.js');

const PULLED = 0;
const ENDED = 1;
const GATE = 2;

const numbers = (count) => Array.from({ length: count }, (_, i) => i);

async function all(iteration) {
  const values = [];
  for await (const value of iteration) values.push(value);
  return values;
}

/** The values that came, and the error that ended them. */
async function outcome(iteration) {
  const values = [];
  try {
    for await (const value of iteration) values.push(value);
  } catch (error) {
    return { values, error };
  }
  return { values };
}

/** A pool of the file, and the cells that it shares with its threads. */
function withStreams(numThreads, body, options) {
  const cells = new Int32Array(new SharedArrayBuffer(12));
  return withPool([numThreads, file, { workerData: { cells }, ...options }], (pool) =>
    body(pool, cells),
  );
}

test('the values come in order, whatever gives them', () =>
  withStreams(2, async (pool, cells) => {
    assert.deepEqual(await all(pool.stream(10_000)), numbers(10_000));
    assert.deepEqual(await all(pool.stream(100, { export: 'sync' })), numbers(100));
    assert.deepEqual(await all(pool.stream('ab', { export: 'list' })), ['ab']);
    assert.deepEqual(await all(pool.stream(0)), []);
    const large = await all(pool.stream([1, 1e6, 10], { export: 'posts', highWaterMark: 1 }));
    assert.deepEqual(
      large.map(({ length }) => length),
      [1, 1e6, 10],
    );
    const [one, other] = [pool.stream(1000, { highWaterMark: 3 }), pool.stream(500)];
    assert.deepEqual(await Promise.all([all(one), all(other)]), [numbers(1000), numbers(500)]);
    assert.equal(cells[ENDED], 4);
    assert.deepEqual([pool.completed, pool.failed, pool.running], [7, 0, 0]);
  }));

test('what the generator returns is the value of the end', () =>
  withStreams(1, async (pool) => {
    for (const [name, value] of [
      ['default', 'end'],
      ['sync', 'end of sync'],
    ]) {
      const iteration = pool.stream(1, { export: name });
      assert.deepEqual(await iteration.next(), { value: 0, done: false });
      assert.deepEqual(await iteration.next(), { value, done: true });
      assert.deepEqual(await iteration.next(), { value: undefined, done: true });
    }
  }));

test('the generator is pulled highWaterMark ahead, and no further', () =>
  withStreams(2, async (pool, cells) => {
    for (const highWaterMark of [1, 2, 5, undefined, 40]) {
      const most = highWaterMark ?? 16;
      Atomics.store(cells, PULLED, 0);
      const iteration = pool.stream(1000, { highWaterMark });
      for (let taken = 0; taken <= 2 * most; taken++) {
        // It may wait until half of them were taken before it asks for more.
        await until(() => Atomics.load(cells, PULLED) > taken + most / 2 - 1);
        // The answer of another thread takes longer than a pull would.
        await pool.run(0, { export: 'echo' });
        assert.ok(Atomics.load(cells, PULLED) <= taken + most);
        assert.deepEqual(await iteration.next(), { value: taken, done: false });
      }
      await iteration.return();
    }
  }));

test('a consumer that stops ends the generator by return(), and its thread stays', () =>
  withStreams(1, async (pool, cells) => {
    let destroyed = 0;
    pool.on('workerDestroy', () => destroyed++);
    for await (const value of pool.stream(Infinity)) if (value === 20) break;
    assert.equal(cells[ENDED], 1, 'break waits for its finally');
    const iteration = pool.stream(Infinity);
    await iteration.next();
    await assert.rejects(iteration.throw(new Error('own')), { message: 'own' });
    assert.equal(cells[ENDED], 2);
    const disposed = pool.stream(Infinity);
    await disposed.next();
    const calls = [disposed.next(), disposed.return('value'), disposed.next()];
    assert.deepEqual(await calls[1], { value: 'value', done: true });
    assert.deepEqual(await calls[2], { value: undefined, done: true });
    await disposed[Symbol.asyncDispose ?? 'return']();
    assert.equal(await pool.run('goes on', { export: 'echo' }), 'goes on');
    assert.deepEqual([destroyed, pool.failed], [0, 0]);

    const failing = pool.stream(0, { export: 'failsInFinally' });
    await failing.next();
    await assert.rejects(failing.return(), { message: 'of finally' });
  }));

test('return() takes a stream out of the queue, and stops one that is about to run', () =>
  withStreams(1, async (pool, cells) => {
    const first = pool.stream(Infinity);
    await first.next();
    const waiting = pool.stream(Infinity);
    assert.deepEqual(await waiting.return(), { value: undefined, done: true });
    assert.deepEqual(await waiting.next(), { value: undefined, done: true });
    assert.deepEqual([pool.queueSize, pool.running, pool.failed], [0, 1, 1]);
    await first.return();
    for (let round = 0; round < 20; round++) {
      const iteration = pool.stream(Infinity);
      for (let i = 0; i < round % 4; i++) await turns(1);
      await iteration.return();
    }
    assert.equal(pool.running, 0);
    assert.equal(await pool.run('goes on', { export: 'echo' }), 'goes on');
    assert.ok(cells[ENDED] >= 1);
  }));

test('an error of the generator comes after its values', () =>
  withStreams(1, async (pool) => {
    const { values, error } = await outcome(pool.stream([1, 2, 3], { export: 'failsAfter' }));
    assert.deepEqual(values, [1, 2, 3]);
    assert.deepEqual([error.name, error.code], ['RangeError', 'E_OWN']);
    const atOnce = pool.stream(0, { export: 'failsAtOnce' });
    await assert.rejects(atOnce.next(), { name: 'TypeError', message: 'at once' });
    assert.deepEqual(await atOnce.next(), { value: undefined, done: true });
  }));

test('an error that lies behind values goes with them when the consumer stops', () =>
  withStreams(1, async (pool) => {
    const failed = async () => {
      const iteration = pool.stream([1, 2, 3], { export: 'failsAfter' });
      assert.deepEqual(await iteration.next(), { value: 1, done: false });
      await pool.drain();
      return iteration;
    };
    for await (const value of await failed()) if (value === 2) break;
    for (const name of ['return', Symbol.asyncDispose ?? 'return']) await (await failed())[name]();
    const readable = Readable.from(await failed());
    readable.destroy();
    await once(readable, 'close'); // an 'error' would have nobody who listens
    await assert.rejects(
      async () => {
        for await (const value of await failed()) assert.ok(value < 4);
      },
      { code: 'E_OWN' },
    );
  }));

test('a consumer that stops before a task is refused is told why', () =>
  withStreams(1, async (pool) => {
    const refused = pool.stream(() => {});
    await assert.rejects(refused.return(), { code: 'ERR_WORKER_POOL_NOT_CLONEABLE' });
    const told = pool.stream([], { export: 'failsAfter' });
    await assert.rejects(told.next(), { name: 'RangeError', code: 'E_OWN' });
    assert.deepEqual(await told.return(), { value: undefined, done: true });
  }));

test('the errors of the pool have a code, and begin at the call', () =>
  withStreams(1, async (pool, cells) => {
    const failing = [
      ['NO_STREAM', [], 1, { export: 'nothing' }],
      ['NO_STREAM', [], 1, { export: 'object' }],
      ['NO_STREAM', [], 1, { export: 'text' }],
      ['EXPORT_UNKNOWN', [], 1, { export: 'none' }],
      ['NOT_CLONEABLE', [new Uint8Array(1)], [1, 'function'], { export: 'posts' }],
      ['NOT_CLONEABLE', [], 1, { export: 'shares' }],
      ['NOT_CLONEABLE', [], () => {}, {}],
      ['WORKER_EXIT', [1], 1, { export: 'exits' }],
      ['TASK_TIMEOUT', [], Infinity, { timeout: 20 }],
    ];
    for (const [code, expected, task, options] of failing) {
      const { values, error } = await outcome(pool.stream(task, options));
      assert.equal(error.code, `ERR_WORKER_POOL_${code}`);
      assert.match(error.stack, /^.*\n\s+at .*stream\.test\.js/);
      if (code !== 'TASK_TIMEOUT') assert.deepEqual(values, expected);
    }
    assert.equal(cells[ENDED], 1, 'a value that cannot be sent ends the generator');
    assert.equal(await pool.run('goes on', { export: 'echo' }), 'goes on');
  }));

test('a task that is not streamed says how a generator is', () =>
  withStreams(1, async (pool) => {
    for (const name of ['default', 'sync']) {
      const [error] = await outcomeOf(pool, 1, { export: name });
      assert.equal(error.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
      assert.match(error.message, /it is a generator\. Use pool\.stream\(\)/);
    }
  }));

test('processors that have no generators refuse', async () => {
  await withPool([1, fixture('docs-echo.js')], async (pool) => {
    for (const options of [{}, { export: 'default' }]) {
      await assert.rejects(pool.stream(1, options).next(), {
        name: 'TypeError',
        code: 'ERR_WORKER_POOL_NO_STREAM',
        message: /listens for 'message'/,
      });
    }
    await pool.run('goes on');
  });
  await withPool([1], (pool) => {
    assert.throws(() => pool.stream({ a: 1, b: 2 }), {
      code: 'ERR_WORKER_POOL_NO_STREAM',
      message: /native processor/,
    });
  });
});

test('a signal ends it at once', () =>
  withStreams(1, async (pool) => {
    const reason = new Error('why');
    const expected = { name: 'AbortError', code: 'ABORT_ERR', cause: reason };
    const aborted = pool.stream(1, { signal: AbortSignal.abort(reason) });
    await assert.rejects(aborted.next(), expected);
    const controller = new AbortController();
    const iteration = pool.stream(Infinity, { signal: controller.signal });
    await iteration.next();
    controller.abort(reason);
    await pool.drain();
    await assert.rejects(iteration.next(), expected); // values that wait are given up
    const other = new AbortController();
    for await (const value of pool.stream(Infinity, { signal: other.signal })) {
      assert.equal(value, 0);
      other.abort();
      break;
    }
  }));

test('with abortGrace, a generator that waits for the consumer ends, and its thread stays', () =>
  withStreams(
    1,
    async (pool, cells) => {
      let destroyed = 0;
      pool.on('workerDestroy', () => destroyed++);
      const controller = new AbortController();
      const iteration = pool.stream(Infinity, { signal: controller.signal });
      await iteration.next();
      controller.abort();
      await pool.drain();
      await assert.rejects(iteration.next(), { code: 'ABORT_ERR' });
      await until(() => Atomics.load(cells, ENDED) === 1);
      assert.deepEqual(await all(pool.stream(3)), [0, 1, 2], 'of the same thread');
      assert.equal(destroyed, 0);
    },
    { abortGrace: 60_000 },
  ));

test('close() ends it; with drain, the consumer takes all of it first', async () => {
  await withStreams(1, async (pool) => {
    const iteration = pool.stream(Infinity);
    await iteration.next();
    const closed = pool.close();
    const { error } = await outcome(iteration);
    assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
    await closed;
    await assert.rejects(pool.stream(1).next(), { code: 'ERR_WORKER_POOL_CLOSED' });
  });
  await withStreams(1, async (pool) => {
    const iteration = pool.stream(100);
    await iteration.next();
    const closed = pool.close({ drain: true });
    assert.equal((await all(iteration)).length, 99);
    await closed;
  });
});

test('an isolated task may be a stream, and a thread that leaves gives all of it', () =>
  withStreams(
    1,
    async (pool) => {
      const [one, other] = [pool.stream(50), pool.stream(50)];
      assert.deepEqual(await Promise.all([all(one), all(other)]), [numbers(50), numbers(50)]);
      const third = pool.stream(50);
      await third.next();
      const recycled = pool.recycle();
      assert.equal((await all(third)).length, 49);
      await recycled;
    },
    { isolate: true },
  ));

test('the consumer keeps its context, and the generator has that of the call', () => {
  const named = storageFor('stream.test');
  const local = new AsyncLocalStorage();
  return withStreams(
    1,
    async (pool) => {
      const make = () => pool.stream(0, { export: 'contexts', highWaterMark: 1 });
      const iteration = local.run('call', () => named.run('call', make));
      let count = 0;
      await named.run('consumer', () =>
        local.run('consumer', async () => {
          for await (const [crossed] of iteration) {
            assert.equal(crossed, 'call');
            assert.deepEqual([named.getStore(), local.getStore()], ['consumer', 'consumer']);
            if (++count === 5) break;
          }
        }),
      );
      const next = await pool.run(0, { export: 'current' });
      assert.deepEqual(next, [undefined, undefined], 'nothing of it is left in the thread');
    },
    { contexts: [named] },
  );
});

test('a stream reports its progress, too, and takes what is moved', () =>
  withStreams(1, async (pool) => {
    const told = [];
    const options = { export: 'reports', onProgress: (value) => told.push(value) };
    assert.deepEqual(await all(pool.stream(5, options)), Array(5).fill('reports'));
    assert.deepEqual(told, numbers(5));
    const moved = new ArrayBuffer(100);
    const list = pool.stream(moved, { export: 'list', transferList: [moved] });
    assert.equal((await list.next()).value.byteLength, 100);
    assert.equal(moved.byteLength, 0);
    await list.return();
  }));

test('those who observe tasks change nothing', () =>
  withStreams(1, async (pool, cells) => {
    const ended = [];
    const listener = (message) => {
      if (message.pool === pool) ended.push(message.error?.code);
    };
    subscribe('async-hooks-rs:pool:end', listener);
    try {
      assert.deepEqual(await all(pool.stream(3)), [0, 1, 2]);
      const first = pool.stream(Infinity);
      await first.next();
      await pool.stream(Infinity).return();
      await first.return();
      for await (const value of pool.map([1, 2, 3], { export: 'echo', concurrency: 3 })) {
        assert.equal(value, 1);
        break;
      }
      await pool.drain();
      assert.equal(cells[ENDED], 2);
      assert.deepEqual(ended.slice(0, 4), [undefined, 'ABORT_ERR', undefined, undefined]);
      assert.equal(ended.length, 6);
    } finally {
      unsubscribe('async-hooks-rs:pool:end', listener);
    }
  }));

test('values come while the generator waits, and a consumer may wait for several', () =>
  withStreams(1, async (pool, cells) => {
    const iteration = pool.stream(['a', 'b'], { export: 'gated' });
    const calls = [iteration.next(), iteration.next(), iteration.next()];
    await turns();
    Atomics.store(cells, GATE, 1);
    assert.deepEqual(await Promise.all(calls), [
      { value: 'a', done: false },
      { value: 'b', done: false },
      { value: undefined, done: true },
    ]);
  }));

test('arguments are checked by the call, and options are own properties', () =>
  withStreams(1, async (pool) => {
    const wrong = [
      [null, 'ERR_INVALID_ARG_TYPE'],
      [{ highWaterMark: '1' }, 'ERR_INVALID_ARG_TYPE'],
      [{ highWaterMark: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ highWaterMark: Infinity }, 'ERR_OUT_OF_RANGE'],
      [{ timeout: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ onProgress: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [options, code] of wrong) {
      assert.throws(
        () => pool.stream(1, options),
        (error) => error.code === code && /stream\.test\.js/.test(error.stack),
      );
    }
    const inherited = Object.create({ highWaterMark: 0, export: 'none' });
    assert.deepEqual(await all(pool.stream(2, inherited)), [0, 1]);
  }));
