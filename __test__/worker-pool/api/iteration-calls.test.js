'use strict';

// What pool.stream() and pool.map() return, beside an async generator: in which order calls are
// settled that do not wait for each other, and by what.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const failing = require('../../fixtures/pool/failing-generators.js');
const { fixture, turns, until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

// The cells of fixtures/pool/stream-actions.js.
const PULLED = 0;
const GATE = 2;

/** The same generators as of fixtures/pool/stream-actions.js, in this thread. */
const generators = {
  async *default(limit) {
    try {
      for (let i = 0; i < limit; i++) yield i;
      return 'end';
    } finally {
      await turns(1);
    }
  },
  ...failing,
};

/** Makes the calls at once, but for those after `await`, and tells how they were settled. */
async function settled(iteration, calls) {
  const log = [];
  const promises = [];
  const call = (method, argument) => {
    const number = promises.length;
    const promise = iteration[method](argument?.()).then(
      ({ value, done }) => log.push([number, method, value, done]),
      (error) => log.push([number, method, error]),
    );
    promises.push(promise);
  };
  for (const [method, argument] of calls) {
    if (method === 'await') await promises.at(-1);
    else call(method, argument);
  }
  await Promise.all(promises);
  return log;
}

const own = new Error('own');
const next = ['next'];
const awaited = ['await'];
const returns = (value) => ['return', () => value];
const throws = ['throw', () => own];
const rejected = ['return', () => Promise.reject(own)];
const later = ['return', () => turns().then(() => 'later')];

const plays = [
  ['default', 9, [next, awaited, returns(1), returns(2), next, throws, returns(3)]],
  ['default', 9, [next, awaited, throws, next, returns(1)]],
  ['default', 9, [next, awaited, later, next, returns(1)]],
  ['default', 9, [next, awaited, rejected, next, returns(1)]],
  ['default', 9, [returns(1), next, returns(2)]],
  ['default', 9, [throws, next, returns(1)]],
  ['default', 2, [next, next, next, next]],
  ['default', 1, [next, next, awaited, later, next, throws]],
  ['failsAfter', [1, 2], [next, next, next, next, awaited, returns(1)]],
  ['failsAfter', [], [next, next, awaited, throws, next]],
  ['failsInFinally', 0, [next, awaited, returns(1), returns(2), next]],
  ['failsInFinally', 0, [next, awaited, rejected, throws]],
];

test('calls of a stream are settled as those of an async generator', () => {
  const workerData = { cells: new Int32Array(new SharedArrayBuffer(12)) };
  return withPool([1, fixture('stream-actions.js'), { workerData }], async (pool) => {
    for (const [name, task, calls] of plays) {
      const stream = pool.stream(task, { export: name });
      assert.deepEqual(await settled(stream, calls), await settled(generators[name](task), calls));
    }
  });
});

test('a call that stops it does not wait for next(), which is told the end', () => {
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const options = { workerData: { cells } };
  return withPool([1, fixture('stream-actions.js'), options], async (pool) => {
    const end = { value: undefined, done: true };
    for (const [stop, expected] of [
      ['return', { value: own, done: true }],
      ['throw', own],
    ]) {
      cells.fill(0);
      const iteration = pool.stream(['never'], { export: 'gated' });
      const calls = [iteration.next(), iteration.next()];
      await until(() => Atomics.load(cells, PULLED) === 1);
      const stopped = iteration[stop](own).catch((error) => error);
      const after = iteration.next();
      assert.deepEqual(await Promise.all(calls), [end, end]);
      assert.equal(await Promise.race([stopped, after, turns()]), undefined);
      Atomics.store(cells, GATE, 1);
      assert.deepEqual(await stopped, expected);
      assert.deepEqual(await after, end);
    }
  });
});

test('calls of map() wait until the source is closed', () =>
  withPool([1, fixture('map-actions.js')], async (pool) => {
    const closing = [];
    async function* source(name) {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        await turns();
        closing.push(name);
      }
    }
    const iteration = pool.map(source('stopped'));
    await iteration.next();
    iteration.return();
    assert.deepEqual(await iteration.return(2), { value: 2, done: true });
    assert.deepEqual(closing, ['stopped']);

    // A task has failed meanwhile, which closes it, too.
    const failed = pool.failed;
    for await (const value of pool.map(source('failed'), {
      export: 'failsFrom5',
      concurrency: 6,
    })) {
      assert.equal(value, 0);
      await until(() => pool.failed > failed);
      break;
    }
    assert.deepEqual(closing, ['stopped', 'failed']);
  }));
