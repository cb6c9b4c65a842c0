'use strict';

// Contexts in the threads of a pool: what a task reads is its submission's.

const assert = require('node:assert/strict');
const path = require('node:path');
const { storageFor } = require('../../contexts.js');
const { poolSuite } = require('../helpers/pool-suite.js');
const { outcomeOf, withPool } = require('../helpers/with-pool.js');

const test = poolSuite(__filename);
const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'contexts', name);
const request = storageFor('test.request');
const contexts = [request];

const STEPS = ['await', 'tick', 'microtask', 'immediate', 'timer', 'stream'];
const FORMS = [
  ['function', fixture('function-reads.js')],
  ['documentation', fixture('docs-reads.js')],
];

for (const [form, processor] of FORMS) {
  test(`${form}: each task reads the store of its submission, at each step`, async () => {
    await withPool([2, processor, { contexts }], async (pool) => {
      const requests = Array.from({ length: 10 }, (_, id) =>
        request.run({ id, tenant: `tenant ${id}` }, () =>
          Array.from({ length: 5 }, () => pool.run(STEPS)),
        ),
      );
      for (const [id, tasks] of requests.entries()) {
        const store = { id, tenant: `tenant ${id}` };
        for (const seen of await Promise.all(tasks)) {
          assert.deepEqual(seen, Array(STEPS.length + 1).fill(store));
        }
      }
    });
  });

  test(`${form}: without a store there is none`, async () => {
    await withPool([1, processor, { contexts }], async (pool) => {
      const within = request.run('store', () => pool.run(['await']));
      const without = pool.run(['await']);
      assert.deepEqual(await within, ['store', 'store']);
      assert.deepEqual(await without, [undefined, undefined]);
    });
  });

  test(`${form}: without the option nothing travels`, async () => {
    await withPool([1, processor], async (pool) => {
      assert.deepEqual(await request.run('store', () => pool.run([])), [undefined]);
    });
  });

  test(`${form}: with a transfer list`, async () => {
    await withPool([1, processor, { contexts }], async (pool) => {
      const run = (id) => {
        const steps = ['await'];
        steps.moved = new ArrayBuffer(8);
        return request.run({ id }, () => pool.run(steps, { transferList: [steps.moved] }));
      };
      const [first, second] = await Promise.all([run(1), run(2)]);
      assert.deepEqual(first, [{ id: 1 }, { id: 1 }]);
      assert.deepEqual(second, [{ id: 2 }, { id: 2 }]);
    });
  });
}

test('runTask(): the callback reads the store itself, the task a copy', async () => {
  await withPool([1, fixture('function-reads.js'), { contexts }], async (pool) => {
    const store = { id: 1 };
    await request.run(store, async () => {
      const [err, seen] = await outcomeOf(pool, []);
      assert.equal(err, null);
      assert.deepEqual(seen, [store]);
      assert.equal(request.getStore(), store);
    });
  });
});

for (const processor of ['function-changes.js', 'docs-changes.js']) {
  test(`${processor}: what one task changes, no other one sees`, async () => {
    await withPool([1, fixture(processor), { contexts }], async (pool) => {
      const store = { id: 1, list: [1, { deep: true }] };
      const before = structuredClone(store);
      const found = await request.run(store, () =>
        Promise.all([
          pool.run({ set: { id: 2, list: [] } }),
          pool.run({ set: { id: 3 }, wait: true }),
          pool.run({}),
        ]),
      );
      assert.deepEqual(found, [before, before, before]);
      assert.deepEqual(store, before);
    });
  });
}

test('a task reads the store as it was at the submission', async () => {
  await withPool([1, fixture('function-reads.js'), { contexts }], async (pool) => {
    const store = { id: 1, user: undefined, list: [1, 2] };
    const seen = request.run(store, () => {
      const tasks = [pool.run([])];
      const change = (fn) => {
        fn();
        tasks.push(pool.run([]));
      };
      change(() => (store.user = 'Ann'));
      change(() => store.list.push(3));
      change(() => (store.list[0] = -0));
      change(() => delete store.user);
      change(() => (store.added = null));
      change(() => (store.list = { 0: -0, 1: 2, 2: 3 }));
      change(() => (store.when = new Date(0)));
      change(() => store.when.setTime(1));
      return tasks;
    });
    assert.deepEqual(await Promise.all(seen), [
      [{ id: 1, user: undefined, list: [1, 2] }],
      [{ id: 1, user: 'Ann', list: [1, 2] }],
      [{ id: 1, user: 'Ann', list: [1, 2, 3] }],
      [{ id: 1, user: 'Ann', list: [-0, 2, 3] }],
      [{ id: 1, list: [-0, 2, 3] }],
      [{ id: 1, list: [-0, 2, 3], added: null }],
      [{ id: 1, list: { 0: -0, 1: 2, 2: 3 }, added: null }],
      [{ id: 1, list: { 0: -0, 1: 2, 2: 3 }, added: null, when: new Date(0) }],
      [{ id: 1, list: { 0: -0, 1: 2, 2: 3 }, added: null, when: new Date(1) }],
    ]);
  });
});

test('stores that are primitives are told apart', async () => {
  await withPool([1, fixture('function-reads.js'), { contexts }], async (pool) => {
    const stores = [0, -0, Number.NaN, '', 'a', null, false];
    const seen = stores.map((store) => request.run(store, () => pool.run([])));
    assert.deepEqual(
      await Promise.all(seen),
      stores.map((store) => [store]),
    );
  });
});

test('pools and tasks of a worker carry its context on', async () => {
  await withPool([1, fixture('function-nested.js'), { contexts }], async (pool) => {
    const outer = { id: 'outer' };
    const own = { id: 'of the worker' };
    const seen = await request.run(outer, () => pool.run(['await', 'timer']));
    assert.deepEqual(seen, [outer, outer, outer, own, own, own, outer]);
  });
});

test('several contexts, some without a store', async () => {
  const names = ['test.request', 'test.tenant', 'test.user'];
  const all = names.map((name) => storageFor(name));
  await withPool([1, fixture('function-stores.js'), { contexts: all }], async (pool) => {
    const [, tenant, user] = all;
    const run = () => pool.run({ names });
    const inner = tenant.run('tenant', () => user.run('user', run));
    const outer = tenant.run('tenant', run);
    assert.deepEqual(await inner, [undefined, 'tenant', 'user']);
    assert.deepEqual(await outer, [undefined, 'tenant', undefined]);
    assert.deepEqual(await request.run(0, run), [0, undefined, undefined]);
  });
});

class Account {
  id = 7;
  get never() {
    return 1;
  }
}

const shared = { once: true };
const STORES = [
  ['a Map', new Map([['key', { value: 1 }]])],
  ['a Set', new Set([1, 'two'])],
  ['an Error', new TypeError('message'), 'TypeError', 'prototype'],
  ['binary data', { bytes: new Uint8Array([1, 2, 3]) }],
  ['much binary data', { bytes: new Uint8Array(100_000).fill(7), text: 'beside it' }],
  ['two pieces of binary data', [new Uint8Array(9000).fill(1), new Float64Array(2000).fill(2)]],
  ['an instance of a class: a plain object', new Account(), { id: 7 }],
  ['the same object twice', { first: shared, second: shared }, true, 'shared'],
  ['many values', Array.from({ length: 1000 }, (_, i) => ({ i }))],
  ['keys of Object.prototype', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ['a bigint', 10n ** 30n],
  ['null', null],
  ['false', false],
];

test('a store may be any value that can be cloned', async () => {
  await withPool([1, fixture('function-stores.js'), { contexts }], async (pool) => {
    for (const [what, store, answer, fact] of STORES) {
      const task = { names: ['test.request'], fact };
      const outcomes = request.run(store, () => [pool.run(task), pool.run(task)]);
      const expected = answer === undefined ? store : answer;
      assert.deepEqual(await Promise.all(outcomes), [[expected], [expected]], what);
    }
  });
});

test('a native processor sees the context', async () => {
  await withPool([1, { native: 'context' }, { contexts }], async (pool) => {
    const store = { id: 1, tags: ['a', 'b'] };
    const [own, other, none] = [
      request.run(store, () => pool.run('test.request')),
      request.run(store, () => pool.run('test.other')),
      pool.run('test.request'),
    ];
    assert.deepEqual(await own, store);
    assert.equal(await other, undefined);
    assert.equal(await none, undefined);
    await assert.rejects(pool.run(1), { code: 'ERR_WORKER_POOL_NATIVE_TASK' });
  });
});

test('a native processor sees what was attached', async () => {
  await withPool([1, { native: 'context' }, { contexts }], async (pool) => {
    const store = { id: 1, bytes: new Uint8Array(9000) };
    await assert.rejects(
      request.run(store, () => pool.run('test.request')),
      {
        code: 'ERR_WORKER_POOL_NATIVE_TASK', // binary data is nothing that it could answer with
      },
    );
  });
});
