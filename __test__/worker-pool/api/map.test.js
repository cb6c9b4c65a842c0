'use strict';

// pool.map(): a task for each value of an iterable, and an iteration over the results.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../../index.js');
const { storageFor } = require('async-hooks-rs/contexts');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { WorkerPool, fixture, turns, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const processor = fixture('map-actions.js');

// One pool for the tests that leave its threads as they are. Nothing keeps the process for it.
let shared;
function withShared(body) {
  shared ??= new WorkerPool(2, processor);
  return body(shared);
}

const numbers = (count) => Array.from({ length: count }, (_, i) => i);

async function all(iteration) {
  const values = [];
  for await (const value of iteration) values.push(value);
  return values;
}

/** An async source of numbers that tells what becomes of it. */
function source(count, make = (i) => i) {
  const seen = { pulled: 0, closed: 0 };
  async function* values() {
    try {
      for (let i = 0; i < count; i++) {
        seen.pulled++;
        yield make(i);
      }
    } finally {
      seen.closed++;
    }
  }
  return { seen, values: values() };
}

/** A pool of two threads whose tasks end when their gate opens. */
async function withGate(body, options) {
  const gate = new Gate();
  try {
    await withPool([2, gateFile, { workerData: gate.workerData, ...options }], (pool) =>
      body(pool, gate),
    );
  } finally {
    gate.open(100);
  }
}

test('results come in the order of the values, of every kind of iterable', () =>
  withShared(async (pool) => {
    const twice = numbers(50).map((i) => 2 * i);
    const options = { export: 'twice' };
    assert.deepEqual(await all(pool.map(numbers(50), options)), twice);
    assert.deepEqual(await all(pool.map(new Set(numbers(50)), options)), twice);
    assert.deepEqual(await all(pool.map(source(50).values, options)), twice);
    const promises = numbers(50).map((i) => Promise.resolve(i));
    assert.deepEqual(await all(pool.map(promises, options)), twice);
    const unbounded = { ...options, concurrency: Infinity };
    assert.deepEqual(await all(pool.map(numbers(50), unbounded)), twice);
    assert.deepEqual(await all(pool.map('ab')), ['a', 'b']);
    assert.deepEqual(await all(pool.map([])), []);
    assert.deepEqual(await all(pool.map([undefined])), [undefined]);
    assert.deepEqual([pool.completed, pool.failed], [253, 0]);
  }));

test('a native processor takes them, too', () =>
  withPool([2], async (pool) => {
    const tasks = numbers(5).map((i) => ({ a: i, b: 1 }));
    assert.deepEqual(await all(pool.map(tasks)), [1, 2, 3, 4, 5]);
    assert.throws(() => pool.map(tasks, { export: 'add' }), { code: 'ERR_OUT_OF_RANGE' });
  }));

test('a result waits for those before it, unless ordered is false', () =>
  withGate(async (pool, gate) => {
    const tasks = [{ hold: 1, value: 'slow' }, { value: 'quick' }];
    const ordered = pool.map(tasks);
    const first = ordered.next();
    await gate.reached(2);
    await until(() => pool.completed === 1);
    gate.open(1);
    assert.deepEqual(await first, { value: 'slow', done: false });
    assert.deepEqual(await all(ordered), ['quick']);

    const [slow, quick] = tasks;
    const others = pool.map([{ ...slow, hold: 2 }, quick], { ordered: false });
    assert.deepEqual(await others.next(), { value: 'quick', done: false });
    gate.open(2);
    assert.deepEqual(await all(others), ['slow']);
  }));

test('the source is asked for no more than the consumer takes', () =>
  withShared(async (pool) => {
    for (const ordered of [true, false]) {
      const { seen, values } = source(20);
      const iteration = pool.map(values, { concurrency: 3, ordered });
      await turns();
      assert.equal(seen.pulled, 0, 'nothing before the first call');
      for (let taken = 1; taken <= 17; taken++) {
        await iteration.next();
        await until(() => seen.pulled === taken + 3);
        await pool.drain();
        await turns();
        assert.equal(seen.pulled, taken + 3);
      }
      assert.equal((await all(iteration)).length, 3);
      assert.equal(seen.closed, 1);
    }
  }));

test('the default concurrency is maxThreads', () =>
  withGate(async (pool, gate) => {
    const { seen, values } = source(10, () => ({ hold: 1, value: 0 }));
    const iteration = pool.map(values);
    const first = iteration.next();
    await gate.reached(2);
    await turns();
    assert.deepEqual([seen.pulled, pool.running, pool.queueSize], [2, 2, 0]);
    gate.open(1);
    await first;
    assert.equal((await all(iteration)).length, 9);
  }));

test('more tasks than maxQueue allows are not submitted', () =>
  withPool([1, processor, { maxQueue: 2 }], async (pool) => {
    let full = 0;
    pool.on('queueFull', () => full++);
    assert.deepEqual(await all(pool.map(numbers(20), { concurrency: 100 })), numbers(20));
    assert.ok(full > 0, 'it makes use of what it allows');
    assert.equal(pool.failed, 0);
  }));

test('break closes the source and cancels what is under way', () =>
  withGate(async (pool, gate) => {
    const { seen, values } = source(10, (i) => ({ hold: i === 0 ? 0 : 1, value: i }));
    for await (const value of pool.map(values, { concurrency: 4 })) {
      assert.equal(value, 0);
      await until(() => seen.pulled === 5);
      await gate.reached(3);
      break;
    }
    assert.equal(seen.closed, 1);
    await pool.drain();
    assert.deepEqual([pool.completed, pool.failed, pool.running], [1, 4, 0]);
    gate.open(1);
    assert.equal(await pool.run({ value: 'goes on' }), 'goes on');
  }));

test('return() before the first call of next() leaves the source alone', () =>
  withShared(async (pool) => {
    let opened = 0;
    const tasks = { [Symbol.iterator]: () => opened++ };
    const iteration = pool.map(tasks);
    assert.deepEqual(await iteration.return('value'), { value: 'value', done: true });
    assert.deepEqual(await iteration.next(), { value: undefined, done: true });
    assert.equal(opened, 0);
  }));

test('throw() stops it, too, and so does disposal; calls that wait are told the end', () =>
  withGate(async (pool, gate) => {
    const stops = [
      (iteration) => assert.rejects(iteration.throw(new Error('own')), { message: 'own' }),
      (iteration) => iteration[Symbol.asyncDispose ?? 'return'](),
      (iteration) => iteration.return(),
    ];
    for (const [i, stop] of stops.entries()) {
      const { seen, values } = source(5, () => ({ hold: 1 }));
      const iteration = pool.map(values);
      const calls = [iteration.next(), iteration.next()];
      await gate.reached(2 * (i + 1));
      await stop(iteration);
      for (const call of calls) assert.deepEqual(await call, { value: undefined, done: true });
      assert.deepEqual(await all(iteration), []);
      assert.equal(seen.closed, 1);
    }
  }));

test('what the source throws when it is closed is thrown by return()', () =>
  withShared(async (pool) => {
    const failing = {
      [Symbol.iterator]: () => ({
        next: () => ({ value: 1, done: false }),
        return() {
          throw new Error('closing');
        },
      }),
    };
    const iteration = pool.map(failing);
    await iteration.next();
    await assert.rejects(iteration.return(), { message: 'closing' });
    await assert.rejects(all(pool.map(failing, { export: 'fails' })), { code: 'E_OWN' });
  }));

test('a task that fails ends it; in order, after the results before it', () =>
  withShared(async (pool) => {
    const { seen, values } = source(100);
    const got = [];
    await assert.rejects(
      async () => {
        const options = { export: 'failsFrom5', concurrency: 4 };
        for await (const value of pool.map(values, options)) got.push(value);
      },
      { name: 'RangeError', code: 'E_OWN', message: 'of 5' },
    );
    assert.deepEqual(got, numbers(5));
    await until(() => seen.closed === 1);
    assert.ok(seen.pulled <= 5 + 4);
    await pool.drain();
    assert.equal(await pool.run('goes on'), 'goes on');
  }));

test('the tasks after one that fails are cancelled', () =>
  withGate(async (pool, gate) => {
    const tasks = [{ hold: 1, value: 0 }, null, { hold: 2 }, { hold: 2 }];
    const iteration = pool.map(tasks, { concurrency: 4 });
    const first = iteration.next();
    await until(() => pool.failed === 3);
    assert.deepEqual([pool.running, pool.queueSize], [1, 0]);
    gate.open(1);
    assert.deepEqual(await first, { value: 0, done: false });
    await assert.rejects(iteration.next(), TypeError);
    assert.deepEqual(await iteration.next(), { value: undefined, done: true });

    const unordered = pool.map([{ hold: 2 }, null], { ordered: false });
    await assert.rejects(unordered.next(), TypeError);
    await pool.drain();
    assert.deepEqual([pool.running, pool.failed], [0, 5]);
  }));

test('a source that fails ends it, after the results of its values', () =>
  withShared(async (pool) => {
    async function* failing() {
      yield* [1, 2];
      throw new Error('of the source');
    }
    const iteration = pool.map(failing());
    assert.equal((await iteration.next()).value, 1);
    assert.equal((await iteration.next()).value, 2);
    await assert.rejects(iteration.next(), { message: 'of the source' });

    let closed = 0;
    function* rejecting() {
      try {
        yield Promise.reject(new Error('of a value'));
      } finally {
        closed++;
      }
    }
    await assert.rejects(all(pool.map(rejecting())), { message: 'of a value' });
    assert.equal(closed, 1);
    const unopened = { [Symbol.iterator]: () => null.iterator };
    await assert.rejects(all(pool.map(unopened)), TypeError);
  }));

test('a signal ends it, whatever it waits for', () =>
  withGate(async (pool, gate) => {
    const reason = new Error('why');
    const expected = { name: 'AbortError', code: 'ABORT_ERR', cause: reason };
    await assert.rejects(all(pool.map([1], { signal: AbortSignal.abort(reason) })), expected);

    const running = new AbortController();
    const { seen, values } = source(5, () => ({ hold: 1 }));
    const blocked = pool.map(values, { signal: running.signal }).next();
    await gate.reached(2);
    running.abort(reason);
    await assert.rejects(blocked, expected);
    assert.equal(seen.closed, 1);
    await pool.drain();
    assert.deepEqual([pool.failed, pool.running], [2, 0]);

    const waiting = new AbortController();
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const never = pool.map(silent, { signal: waiting.signal }).next();
    waiting.signal.dispatchEvent(new Event('abort'));
    await turns();
    waiting.abort(reason);
    await assert.rejects(never, expected);
  }));

test('the signal is let go at the end', () =>
  withShared(async (pool) => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = {
      aborted: false,
      addEventListener(...args) {
        listeners++;
        signal.addEventListener(...args);
      },
      removeEventListener(...args) {
        listeners--;
        signal.removeEventListener(...args);
      },
    };
    await all(pool.map(numbers(3), { signal: counted }));
    assert.equal(listeners, 0);
    const iteration = pool.map(numbers(3), { signal: counted });
    await iteration.next();
    assert.equal(listeners, 1);
    await iteration.return();
    assert.equal(listeners, 0);
  }));

test('the errors of tasks begin at the call', () =>
  withPool([2, processor], async (pool) => {
    const failing = [
      ['TASK_TIMEOUT', pool.map([1], { export: 'endless', timeout: 5 })],
      ['EXPORT_UNKNOWN', pool.map([1], { export: 'none' })],
      ['NOT_CLONEABLE', pool.map([() => {}])],
    ];
    for (const [code, iteration] of failing) {
      await assert.rejects(all(iteration), (error) => {
        assert.equal(error.code, `ERR_WORKER_POOL_${code}`);
        assert.match(error.stack, /^.*\n\s+at .*map\.test\.js/);
        return true;
      });
    }
  }));

test('a pool that is closed ends it', async () => {
  for (const asyncStackTraces of [false, true]) {
    let kept;
    await withGate(
      async (pool, gate) => {
        kept = pool;
        const next = pool.map([{ hold: 1 }, { hold: 1 }]).next();
        await gate.reached(2);
        pool.close();
        await assert.rejects(next, { code: 'ERR_WORKER_POOL_CLOSED' });
      },
      { asyncStackTraces },
    );
    await assert.rejects(all(kept.map([1])), (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
      assert.match(error.stack, /^.*\n\s+at .*map\.test\.js/);
      return true;
    });
  }
});

test('source and tasks have the contexts of the call, the consumer keeps its own', () => {
  const named = storageFor('map.test');
  const local = new AsyncLocalStorage();
  return withPool([2, processor, { contexts: [named] }], async (pool) => {
    const seen = [];
    async function* values() {
      for (let i = 0; i < 6; i++) {
        seen.push(local.getStore());
        yield i;
        await null;
      }
    }
    const make = () => pool.map(values(), { export: 'context' });
    const iteration = local.run('call', () => named.run('call', make));
    await local.run('consumer', async () => {
      for await (const context of named.run('consumer', () => iteration)) {
        assert.equal(context, 'call');
        assert.equal(local.getStore(), 'consumer');
      }
    });
    assert.deepEqual(seen, Array(6).fill('call'));
  });
});

test('arguments are checked by the call, and options are own properties', () =>
  withShared(async (pool) => {
    for (const tasks of [undefined, null, 5, {}, { next() {} }]) {
      assert.throws(() => pool.map(tasks), {
        code: 'ERR_INVALID_ARG_TYPE',
        message: /^The "tasks" argument must be an iterable or an async iterable/,
      });
    }
    const wrong = [
      [5, 'ERR_INVALID_ARG_TYPE'],
      [{ concurrency: '2' }, 'ERR_INVALID_ARG_TYPE'],
      [{ concurrency: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ concurrency: 1.5 }, 'ERR_OUT_OF_RANGE'],
      [{ ordered: 1 }, 'ERR_INVALID_ARG_TYPE'],
      [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
      [{ timeout: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ priority: 101 }, 'ERR_OUT_OF_RANGE'],
      [{ export: 5 }, 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [options, code] of wrong) {
      assert.throws(
        () => pool.map([], options),
        (error) => error.code === code && /map\.test\.js/.test(error.stack),
      );
    }
    const inherited = Object.create({ export: 'none', concurrency: 0, ordered: 5, key: 'a' });
    assert.deepEqual(await all(pool.map([1], inherited)), [1]);
  }));
