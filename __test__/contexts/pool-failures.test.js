'use strict';

// What cannot travel with a task, or not be entered, fails that task and no other.

const assert = require('node:assert/strict');
const path = require('node:path');
const { AsyncLocalStorage } = require('../../index.js');
const { defineCarrier, storageFor } = require('../../contexts.js');
const { poolSuite } = require('../helpers/pool-suite.js');
const { WorkerPool, outcomeOf, withPool } = require('../helpers/with-pool.js');

const test = poolSuite(__filename);
const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'contexts', name);
const request = storageFor('test.request');
const contexts = [request];
const task = { names: ['test.request'] };
const stores = fixture('function-stores.js');

const REFUSED = [
  ['a function', () => {}, 'it'],
  ['a symbol', Symbol('s'), 'it'],
  ['a method', { user: { name: 'Ann', greet() {} } }, 'its value at .user.greet'],
  ['an element', { list: [1, [2, () => {}]] }, 'its value at .list[1][1]'],
  ['a key that is no identifier', { 'a-b': { f() {} } }, 'its value at ["a-b"].f'],
  ['a value of a Map', new Map([['key', () => {}]]), 'its value at <value 0>'],
  ['a promise', { pending: Promise.resolve() }, 'its value at .pending'],
  ['shared memory', { cells: new Int32Array(new SharedArrayBuffer(8)) }, 'its value at .cells'],
];

test('what cannot be cloned in a store cannot travel, and the next store can', async () => {
  await withPool([1, stores, { contexts }], async (pool) => {
    for (const [what, store, place] of REFUSED) {
      const refused = await request.run(store, function submission() {
        return pool.run(task).then(
          () => assert.fail(`${what} was sent`),
          (error) => error,
        );
      });
      assert.equal(refused.code, 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE', what);
      assert.equal(refused.name, 'TypeError');
      assert.ok(
        refused.message.startsWith(
          `The context 'test.request' cannot be sent to another thread: ${place} cannot be cloned.`,
        ),
        refused.message,
      );
      assert.match(refused.stack, /submission.*pool-failures/);
      const [err, result] = await request.run(store, () => outcomeOf(pool, task));
      assert.equal(err.code, 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE', what);
      assert.equal(result, null);
      assert.deepEqual(await request.run('store', () => pool.run(task)), ['store']);
    }
  });
});

test('stores that are too large together', async () => {
  await withPool([1, stores, { contexts }], async (pool) => {
    for (const store of ['x'.repeat(2 ** 18), new Uint8Array(2 ** 18)]) {
      await assert.rejects(
        request.run(store, () => pool.run(task)),
        {
          name: 'RangeError',
          code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_TOO_LARGE',
          message:
            "The contexts 'test.request' cannot be sent with a task: " +
            'expected at most 262136 bytes together. Pass large values in the task',
        },
      );
    }
    const large = 'x'.repeat(250_000);
    assert.deepEqual(await request.run(large, () => pool.run(task)), [large]);
  });
});

test('what a getter, serialize() or capture() throws fails the submission', async () => {
  const thrown = new Error('thrown');
  const throws = () => {
    throw thrown;
  };
  const session = storageFor('test.session.throws', { serialize: throws });
  const carrier = { name: 'test.carrier.throws', capture: throws, enter: (_, fn) => fn() };
  await withPool([1, stores, { contexts }], async (pool) => {
    const store = Object.defineProperty({}, 'x', { get: throws, enumerable: true });
    await assert.rejects(
      request.run(store, () => pool.run(task)),
      (error) => error === thrown,
    );
  });
  await withPool([1, stores, { contexts: [session] }], async (pool) => {
    await assert.rejects(
      session.run(1, () => pool.run(task)),
      (error) => error === thrown,
    );
    assert.deepEqual(await pool.run(task), [undefined]);
  });
  await withPool([1, stores, { contexts: [carrier] }], async (pool) => {
    await assert.rejects(pool.run(task), (error) => error === thrown);
  });
});

test('serialize() and deserialize()', async () => {
  const session = storageFor('test.session', { serialize: ({ id }) => ({ id }) });
  await withPool([1, stores, { contexts: [session] }], async (pool) => {
    const store = { id: 5, socket: () => {} };
    const seen = session.run(store, () => pool.run({ names: ['test.session'] }));
    assert.deepEqual(await seen, [{ id: 5, from: 'deserialize' }]);
  });
});

test('a deserialize() that the worker does not have', async () => {
  const storage = storageFor('test.missing');
  const options = { contexts: [{ storage, serialize: (store) => store }] };
  await withPool([1, stores, options], async (pool) => {
    await assert.rejects(
      storage.run(1, () => pool.run(task)),
      {
        code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN',
        message:
          "The context 'test.missing' cannot be entered in this thread: expected " +
          "storageFor('test.missing', { deserialize }), in a file that this thread loads, " +
          'and received none',
      },
    );
    assert.deepEqual(await pool.run(task), [undefined]);
  });
});

test('a carrier', async () => {
  let value = 'captured';
  const carrier = defineCarrier({
    name: 'test.carrier',
    capture: () => value,
    enter: (_, fn) => fn(),
  });
  await withPool([1, stores, { contexts: [carrier] }], async (pool) => {
    const submit = (next) => {
      value = next;
      return pool.run({ carrier: true });
    };
    const outcomes = [submit('first'), submit({ second: 2 }), submit(undefined)];
    assert.deepEqual(await Promise.all(outcomes), ['first', { second: 2 }, undefined]);
    await assert.rejects(submit('not at all'), { code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_ENTERED' });
    assert.equal(await submit('again'), 'again');
  });
});

test('a carrier that the worker does not have', async () => {
  const carrier = { name: 'test.nowhere', capture: () => 1, enter: (_, fn) => fn() };
  await withPool([1, stores, { contexts: [carrier] }], async (pool) => {
    await assert.rejects(pool.run(task), {
      code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN',
      message: /^The context 'test\.nowhere' .* expected defineCarrier\(\)/,
    });
  });
});

test('a carrier whose module the threads load', async () => {
  const { carrier, storage } = await import('../fixtures/contexts/carrier-module.mjs');
  const processor = fixture('function-module.mjs');
  await withPool([1, processor, { contexts: [carrier] }], async (pool) => {
    assert.equal(await storage.run('store', () => pool.run()), 'store, entered');
  });
});

test('a module that is not there', async () => {
  const carrier = { name: 'test.gone', module: '/not/there.js', capture() {}, enter() {} };
  await withPool([1, stores, { contexts: [carrier] }], async (pool) => {
    await assert.rejects(pool.run(task), { code: 'ERR_WORKER_POOL_WORKER_START' });
  });
});

for (const [what, list, message] of [
  ['no list', request, /^The "options\.contexts" property must be an instance of Array\./],
  ['a number', [1], /^The "options\.contexts\[0\]" property must be a storage of storageFor\(\), /],
  ['a storage without a name', [new AsyncLocalStorage()], /^The "options\.contexts\[0\]" property/],
  ['an object', [request, {}], /^The "options\.contexts\[1\]" property must be a storage of /],
  ['the same twice', [request, request], /\[1\]" property must be a context that is not in the/],
  [
    'a storage without a name, in an object',
    [{ storage: new AsyncLocalStorage() }],
    /^The "options\.contexts\[0\]\.storage" property must be a storage of storageFor\(\)\./,
  ],
  [
    'returns without merge()',
    [{ storage: request, returns: true }],
    /^The "options\.contexts\[0\]\.merge" property must be of type function\. Received undefined/,
  ],
  [
    'returns of another type',
    [{ storage: request, returns: 1 }],
    /^The "options\.contexts\[0\]\.returns" property must be of type boolean\./,
  ],
  [
    'serialize of another type',
    [{ storage: request, serialize: 1 }],
    /^The "options\.contexts\[0\]\.serialize" property must be of type function\./,
  ],
  [
    'a carrier without enter()',
    [{ name: 'test.half', capture() {} }],
    /^The "options\.contexts\[0\]\.enter" property must be of type function\./,
  ],
]) {
  test(`the option: ${what}`, () => {
    assert.throws(
      () => new WorkerPool(1, stores, { contexts: list }),
      (error) => {
        assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
        assert.match(error.message, message);
        assert.match(error.stack, /^TypeError.*\n\s+at .*pool-failures\.test\.js/);
        return true;
      },
    );
  });
}

test('the option: nothing returns from native processors', () => {
  const returning = [{ storage: storageFor('test.native', { merge() {} }), returns: true }];
  assert.throws(() => new WorkerPool(1, { native: 'add' }, { contexts: returning }), {
    name: 'RangeError',
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('the option: an empty list is none', async () => {
  await withPool([1, stores, { contexts: [] }], async (pool) => {
    assert.deepEqual(await request.run(1, () => pool.run(task)), [undefined]);
  });
});
