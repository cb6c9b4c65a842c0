'use strict';

// The option `queueOrder`: which of the waiting tasks of one priority a thread takes first.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../../index.js');
const { Gate } = require('../../helpers/pool-gate.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { createRandom, below } = require('../../helpers/random.js');
const { WorkerPool, fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const processor = fixture('ordered.js');

const CODE = 'ERR_WORKER_POOL_QUEUE_ORDER';
// Calls of an export have a list of arguments.
const byRank = (task) => [task].flat()[0].rank ?? 0;
const list = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const turn = () => new Promise(setImmediate);

async function all(iteration, each) {
  for await (const value of iteration) each(value);
}

/** A pool of one thread, which is held until `open()`. Only then the function `body` has ended. */
async function withHeld(options, body) {
  const gate = new Gate();
  const places = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { ...gate.workerData, places };
  await withPool([1, processor, { workerData, ...options }], async (pool) => {
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    await body(pool, () => gate.open());
    await held;
  });
}

/**
 * The values of the tasks of `body`, in the order in which the thread has taken them, and the codes of
 * the errors.
 */
async function orderOf(options, body) {
  const results = [];
  const codes = [];
  await withHeld(options, async (pool, open) => {
    const add = (result) => results.push(result);
    const submit = (value, rank, given, more) =>
      pool.run({ value, rank, ...more }, given).then(add, (error) => codes.push(error.code));
    const tasks = await body(submit, pool, add);
    await turn(); // the tasks of a tick go in one batch, at its end
    open();
    await Promise.all(tasks);
  });
  results.sort((one, other) => one.place - other.place);
  return { order: results.map(({ value }) => value), codes: codes.sort() };
}

test('the newest first, within its priority', async () => {
  const { order } = await orderOf({ queueOrder: 'lifo' }, async (submit) => {
    const tasks = [submit(0), submit(1, 0, { priority: 1 }), submit(2, 0, { priority: -1 })];
    await turn();
    tasks.push(submit(3), submit(4, 0, { priority: 1 }));
    await turn();
    return [...tasks, submit(5), submit(6, 0, { priority: -1 })];
  });
  assert.deepEqual(order, [4, 1, 5, 3, 0, 6, 2]);
});

test('the lowest rank first, within its priority, and the oldest of the same rank', async () => {
  const random = createRandom(1);
  const tasks = list(300, (i) => ({
    i,
    priority: below(random, 3) - 1,
    rank: (below(random, 40) - 20) / 4,
  }));
  const { order } = await orderOf({ queueOrder: byRank }, (submit) =>
    tasks.map(({ i, priority, rank }) => submit(i, rank, { priority })),
  );
  tasks.sort((a, b) => b.priority - a.priority || a.rank - b.rank || a.i - b.i);
  assert.deepEqual(
    order,
    tasks.map(({ i }) => i),
  );
});

test('any finite number is a rank, and both zeros are the same', async () => {
  const { MAX_VALUE, MIN_VALUE } = Number;
  const ranks = [MAX_VALUE, 0, -0, MIN_VALUE, -MAX_VALUE, 0, 2 ** 53, -1.5];
  const { order } = await orderOf({ queueOrder: byRank }, (submit) =>
    ranks.map((r, i) => submit(i, r)),
  );
  assert.deepEqual(order, [4, 7, 1, 2, 5, 3, 6, 0]);
});

test('values of all kinds have their ranks', async () => {
  const buffer = new ArrayBuffer(8);
  const { order } = await orderOf({ queueOrder: byRank }, (submit) => [
    submit('plain', 5),
    submit('shared', 4, {}, { shared: new SharedArrayBuffer(1) }),
    submit('moved', 3, { transferList: [buffer] }, { buffer }),
    submit('text', 2, {}, { text: 'x'.repeat(5e6) }),
    submit('bytes', 1, {}, { bytes: new Uint8Array(1e6) }),
    submit('last', 6),
  ]);
  assert.deepEqual(order, ['bytes', 'text', 'moved', 'shared', 'plain', 'last']);
});

test('every way to submit a task obeys', async () => {
  const { order } = await orderOf({ queueOrder: byRank }, (submit, pool, add) => [
    submit('run', 6),
    new Promise((resolve) => {
      pool.runTask({ value: 'runTask', rank: 5 }, (_, result) => resolve(add(result)));
    }),
    pool.call.named({ value: 'call', rank: 2 }).then(add),
    all(pool.stream({ value: 'stream', rank: 3 }, { export: 'values' }), add),
    submit('export', 1, { export: 'named' }),
    all(
      pool.map(
        [4, 0].map((rank) => ({ value: `map ${rank}`, rank })),
        { concurrency: 2, ordered: false },
      ),
      add,
    ),
    submit('first', -1),
  ]);
  const expected = ['first', 'map 0', 'export', 'call', 'stream', 'map 4', 'runTask', 'run'];
  assert.deepEqual(order, expected);
});

test('those that are aborted or refused leave the order of the others', async () => {
  for (const queueOrder of ['lifo', byRank]) {
    const { signal, abort } = withAbort();
    const { order, codes } = await orderOf({ queueOrder, maxQueue: 5 }, async (submit) => {
      const tasks = [3, 2, 1, 0].map((rank) => submit(rank, rank, rank % 2 ? { signal } : {}));
      await turn();
      abort();
      return [...tasks, submit(-1, -1), submit(-2, -2), submit(-3, -3), submit(-4, -4)];
    });
    assert.deepEqual(order, [-3, -2, -1, 0, 2]);
    assert.deepEqual(codes, ['ABORT_ERR', 'ABORT_ERR', 'ERR_WORKER_POOL_QUEUE_FULL']);
  }
});

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

test('after a timeout the next one is taken by its rank', async () => {
  const { order, codes } = await orderOf({ queueOrder: byRank }, (submit) => [
    submit('third', 3),
    submit('never', 1, { timeout: 20 }, { hold: 2 }),
    submit('second', 2),
  ]);
  assert.deepEqual(codes, ['ERR_WORKER_POOL_TASK_TIMEOUT']);
  assert.deepEqual(order, ['second', 'third']);
});

test('within a key the tasks run as submitted, and the first ones by their ranks', async () => {
  for (const [queueOrder, expected] of [
    [byRank, ['plain 1', 'b 2', 'b 1', 'a 5', 'a 0', 'plain 9']],
    ['lifo', ['plain 1', 'b 2', 'b 1', 'plain 9', 'a 5', 'a 0']],
  ]) {
    const { order } = await orderOf({ queueOrder }, async (submit) => {
      const tasks = [
        submit('a 5', 5, { key: 'a' }),
        submit('a 0', 0, { key: 'a' }),
        submit('plain 9', 9),
        submit('b 2', 2, { key: 'b' }),
        submit('b 1', 1, { key: 'b' }),
      ];
      return [...tasks, submit('plain 1', 1)];
    });
    assert.deepEqual(order, expected);
  }
});

test('several tasks of a thread are begun in the order', async () => {
  const { order } = await orderOf({ queueOrder: byRank, tasksPerWorker: 3 }, (submit) =>
    list(9, (i) => submit(i, -i)),
  );
  assert.deepEqual(
    order,
    list(9, (i) => 8 - i),
  );
});

test('a native processor takes tasks in the order', async () => {
  for (const queueOrder of ['lifo', ({ a }) => -a]) {
    await withPool([1, { native: 'add' }, { queueOrder }], async (pool) => {
      const order = [];
      // The first one is submitted by itself, the others together.
      const tasks = list(20, (a) => pool.run({ a, b: 0 }, { priority: a === 0 ? 1 : 0 }));
      await Promise.all(tasks.map((task) => task.then((sum) => order.push(sum))));
      assert.deepEqual(order, [0, ...list(19, (i) => 19 - i)]);
    });
  }
});

test('the function is called once for each task, in the scopes of its submission', async () => {
  const storage = new AsyncLocalStorage();
  const calls = [];
  const queueOrder = function (...args) {
    calls.push([storage.getStore(), this, ...args]);
    return 0;
  };
  const places = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { ...new Gate().workerData, places };
  await withPool([1, processor, { workerData, queueOrder }], async (pool) => {
    const none = { priority: 0, timeout: undefined, key: undefined, export: undefined };
    async function called(name, task, options, submit) {
      const settled = storage.run(name, submit);
      assert.deepEqual(calls.splice(0), [[name, undefined, task, options]]);
      return settled;
    }
    const task = { value: 'value' };
    assert.equal((await called('run', task, none, () => pool.run(task))).value, 'value');
    const given = { priority: 5, timeout: 60_000, key: 'key', export: 'named' };
    await called('options', task, given, () => pool.run(task, given));
    await called(
      'runTask',
      task,
      none,
      () => new Promise((resolve) => pool.runTask(task, resolve)),
    );
    await called('call', [task], { ...none, export: 'named' }, () => pool.call.named(task));
    await called('runSync', task, none, () => pool.runSync(task));
    await called('stream', task, { ...none, export: 'values' }, () =>
      all(pool.stream(task, { export: 'values' }), () => {}),
    );
    const mapped = storage.run('map', () => pool.map([task, task], { priority: 1 }));
    await all(mapped, () => {});
    const ofMap = ['map', undefined, task, { ...none, priority: 1 }];
    assert.deepEqual(calls, [ofMap, ofMap]);
  });
});

function raise(error) {
  throw error;
}

const failing = [
  ['throws', () => raise(new RangeError('of the program')), /It threw: of the program$/],
  ['throws nothing', () => raise(undefined), /It threw: undefined$/],
  ['returns NaN', () => NaN, /It returned type number \(NaN\)$/],
  ['returns Infinity', () => -Infinity, /It returned type number \(-Infinity\)$/],
  ['returns a text', () => '1', /It returned type string \('1'\)$/],
  ['returns nothing', () => {}, /It returned undefined$/],
  ['is asynchronous', async () => 1, /It returned an instance of Promise$/],
];

for (const [title, fails, message] of failing) {
  test(`a function that ${title}: nothing is submitted`, async () => {
    const queueOrder = (task) => (task === 'right' ? 1 : fails());
    await withPool([1, ({ a }) => a, { queueOrder, maxQueue: 1 }], async (pool) => {
      const isIt = (error) => {
        assert.equal(error.code, CODE);
        assert.equal(error.name, title.startsWith('throws') ? 'Error' : 'TypeError');
        assert.match(error.message, message);
        assert.equal('cause' in error, title.startsWith('throws'));
        return true;
      };
      const never = () => assert.fail('the callback was called');
      assert.throws(() => pool.runTask(1, never), isIt);
      assert.throws(() => pool.runSync(1), isIt);
      assert.throws(() => pool.stream(1), isIt);
      await assert.rejects(pool.run(1), isIt);
      await assert.rejects(pool.call.named(1), isIt);
      await assert.rejects(
        all(pool.map(['right', 2]), () => {}),
        isIt,
      );
      await pool.drain();
      const { queueSize, running, completed, failed } = pool;
      assert.deepEqual([queueSize, running, completed + failed], [0, 0, 1]);
      assert.deepEqual(await pool.run('right'), undefined);
    });
  });
}

test('a function that submits tasks itself, and one that closes the pool', async () => {
  const inner = [];
  const queueOrder = ({ a }) => {
    if (a === 1) inner.push(pool.run({ a: 2, b: 0 }));
    if (a === 3) inner.push(pool.close());
    return a;
  };
  const pool = new WorkerPool(1, { native: 'add' }, { queueOrder });
  try {
    assert.equal(await pool.run({ a: 1, b: 0 }), 1);
    assert.equal(await inner[0], 2);
    await assert.rejects(pool.run({ a: 3, b: 0 }), { code: 'ERR_WORKER_POOL_CLOSED' });
  } finally {
    await pool.close();
  }
  assert.equal(inner.length, 2);
});
