'use strict';

// pool.runSync() beside streams: they wait for their consumers, which do not run meanwhile.

const assert = require('node:assert/strict');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const file = fixture('run-sync-actions.js');
const DEADLOCK = 'ERR_WORKER_POOL_DEADLOCK';

/** What the call returns, or the code of what it throws. */
function outcomeOf(pool, ...args) {
  try {
    return pool.runSync(...args);
  } catch (error) {
    return error.code;
  }
}

const runsNow = (pool) => {
  while (pool.running === 0); // without a turn of the event loop
};

async function all(iteration) {
  const values = [];
  for await (const value of iteration) values.push(value);
  return values;
}

test('a stream that ends without its consumer is waited for', () =>
  withPool([1, file], async (pool) => {
    for (const key of [undefined, 'key']) {
      for (const [highWaterMark, expected] of [
        [4, 'own'],
        [3, DEADLOCK], // whether there is a fourth value is looked at when one was taken
      ]) {
        const values = pool.stream(2, { export: 'upTo', highWaterMark, key });
        assert.equal(outcomeOf(pool, 'own', { key }), expected);
        assert.deepEqual(await all(values), [0, 1, 2]);
      }
    }
    assert.deepEqual([pool.completed, pool.failed], [6, 2]);
  }));

test('what the consumer has taken makes room', () =>
  withPool([1, file], async (pool) => {
    for (const [last, expected] of [
      [4, 'own'],
      [5, DEADLOCK],
    ]) {
      const values = pool.stream(last, { export: 'upTo', highWaterMark: 4 });
      for (let i = 0; i < 3; i++) assert.equal((await values.next()).value, i);
      // Of the three that were taken, two have made room: the thread may give six.
      assert.equal(outcomeOf(pool, 'own'), expected);
      assert.equal((await all(values)).length, last - 2);
    }
  }));

test('a stream that waits in the queue does not hold up what runs before it', () =>
  withPool([1, file], async (pool) => {
    const first = pool.run('first'); // so that the next two go to the queue together
    const values = pool.stream(null, { export: 'numbers' });
    assert.equal(pool.runSync('own', { priority: 1 }), 'own');
    assert.equal(outcomeOf(pool, 'own'), DEADLOCK);
    for (let i = 0; i < 40; i++) assert.equal((await values.next()).value, i);
    await values.return();
    assert.equal(await first, 'first');
    assert.equal(pool.runSync('next'), 'next');
  }));

test('a stream whose consumer has stopped before it ran ends meanwhile', () =>
  withPool([1, file], async (pool) => {
    await pool.ready();
    const values = pool.stream(null, { export: 'numbers' });
    runsNow(pool);
    const stopped = values.return();
    assert.equal(pool.runSync('own'), 'own');
    assert.deepEqual(await stopped, { value: undefined, done: true });
  }));

test('streams hold up a call only where they take all places', () =>
  withPool([2, file, { tasksPerWorker: 2 }], async (pool) => {
    const streams = [];
    for (let i = 0; i < 3; i++) streams.push(pool.stream(null, { export: 'numbers', key: `${i}` }));
    assert.equal(pool.runSync('own'), 'own');
    streams.push(pool.stream(null, { export: 'numbers' }));
    assert.equal(outcomeOf(pool, 'own'), DEADLOCK);
    for (const values of streams) {
      assert.equal((await values.next()).value, 0);
      await values.return();
    }
    assert.equal(pool.runSync('next'), 'next');
  }));

test('a stream that has ended holds up nothing, though nobody has heard of it yet', () =>
  withPool([1, file], async (pool) => {
    await pool.ready();
    const values = pool.stream(2, { export: 'upTo' });
    while (pool.queueSize > 0 || pool.running > 0); // without a turn of the event loop
    assert.equal(pool.runSync('own'), 'own');
    assert.equal(pool.runSync('own', { key: 'any' }), 'own');
    assert.deepEqual(await all(values), [0, 1, 2]);
    const endless = pool.stream(null, { export: 'numbers' });
    assert.equal((await endless.next()).value, 0);
    assert.throws(() => pool.runSync('own'), { code: 'ERR_WORKER_POOL_DEADLOCK' });
    await endless.return();
  }));

test('a key is refused that a stream holds up, and no other task', () =>
  withPool([2, file], async (pool) => {
    const refused = (list) =>
      list.filter((key) => {
        const outcome = outcomeOf(pool, key, { key });
        assert.ok([key, DEADLOCK].includes(outcome));
        return outcome === DEADLOCK;
      });
    const keys = ['a', 'b', 'c'];
    const first = pool.stream(1, { export: 'numbers', key: 'a' });
    assert.deepEqual(await first.next(), { value: 0, done: false });
    // The keys that are new get the other thread.
    assert.deepEqual(refused(keys), ['a']);
    assert.equal(pool.runSync(1), 1);
    await first.return();
    const second = pool.stream(1, { export: 'numbers', key: 'b' });
    await second.next();
    assert.deepEqual(refused(keys), ['b', 'c']);
    await second.return();
    const third = pool.stream(1, { export: 'numbers' });
    const held = refused(keys); // waits until it has said where it runs
    assert.ok(['a', 'b,c'].includes(`${held}`), `${held}`);
    assert.equal(pool.runSync('d', { key: 'd' }), 'd');
    await third.next();
    assert.deepEqual(refused(keys), held);
    await third.return();
    assert.deepEqual(refused(keys), []);
  }));

test('a stream whose consumer has stopped ends meanwhile', () =>
  withPool([1, file], async (pool) => {
    const listener = () => {};
    for (const isObserved of [false, true]) {
      if (isObserved) subscribe('async-hooks-rs:pool:end', listener);
      try {
        const values = pool.stream(Infinity, { export: 'numbers' });
        await values.next();
        const stopped = values.return();
        assert.equal(pool.runSync(1), 1);
        assert.equal(pool.runSync(2, { key: 'key' }), 2);
        assert.deepEqual(await stopped, { value: undefined, done: true });
      } finally {
        unsubscribe('async-hooks-rs:pool:end', listener);
      }
    }
  }));
