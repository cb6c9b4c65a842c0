'use strict';

// Tasks that cannot be sent, workers that answer twice or never: only the task in question fails,
// no answer goes to another task, and close() settles unanswered tasks.

const assert = require('node:assert/strict');
const { poolTest, fixture, forms, events, turn } = require('../../helpers/pool-session.js');

const add = (a, b) => ({ action: 'add', a, b });
const thrower = () => {
  throw new RangeError('thrown by a getter');
};

function assertNotCloneable(error) {
  assert.ok(error instanceof TypeError);
  assert.equal(error.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
  assert.equal(error.cause?.name, 'DataCloneError');
}

// Node 20 accepts it.
function refusesDetached(buffer) {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(1, [buffer]);
    return false;
  } catch {
    return true;
  } finally {
    port2.close();
  }
}

const uncloneable = {
  'a function': () => () => {},
  'a symbol': () => Symbol('task'),
  'a nested function': () => ({ list: [{ fn() {} }] }),
  'a WeakMap': () => new WeakMap(),
  'a promise': () => Promise.resolve(1),
  'a function in a Map in a cycle': () => {
    const map = new Map([['fn', () => {}]]);
    return map.set('self', map);
  },
};

for (const [form, file] of forms('failures')) {
  poolTest(`tasks that cannot be cloned fail alone, later, in ${form}`, {}, async (session) => {
    const { open, submit } = session;
    const pool = open(2, file);
    let destroyed = 0;
    pool.on('workerDestroy', () => {
      destroyed++;
    });
    const bad = Object.values(uncloneable).map((make) => make());
    const submitted = bad.flatMap((value, i) => [
      submit(pool, add(i, 1)),
      submit(pool, { action: 'echo', value }),
      submit(pool, add(i, 2)),
    ]);
    const outcomes = await Promise.all(submitted);
    for (let i = 0; i < bad.length; i++) {
      const [first, failed, last] = outcomes.slice(3 * i);
      assert.deepEqual([first.result, last.result], [i + 1, i + 2]);
      assertNotCloneable(failed.error);
      assert.equal(failed.result, null);
    }
    assert.deepEqual([pool.completed, pool.failed], [2 * bad.length, bad.length]);
    assert.equal(destroyed, 0);
    assert.equal(pool.numThreads, 2);
  });

  poolTest(`a task whose getter throws fails alone, in ${form}`, {}, async ({ open, submit }) => {
    const pool = open(1, file);
    const [good, bad, last] = await Promise.all([
      submit(pool, add(1, 1)),
      submit(pool, {
        action: 'echo',
        get value() {
          return thrower();
        },
      }),
      submit(pool, add(2, 2)),
    ]);
    assert.deepEqual([good.result, last.result], [2, 4]);
    const { error } = bad;
    assert.ok(error instanceof Error);
    assert.equal((error.cause ?? error).message, 'thrown by a getter');
  });

  poolTest(`an impossible transfer list fails its task, ${form}`, {}, async ({ open, submit }) => {
    const pool = open(1, file);
    const detached = new ArrayBuffer(8);
    structuredClone(detached, { transfer: [detached] });
    const buffer = new ArrayBuffer(8);
    const outcomes = await Promise.all([
      submit(pool, add(1, 1)),
      submit(pool, { action: 'echo', value: 1 }, { transferList: [detached] }),
      submit(pool, { action: 'echo', value: buffer }, { transferList: [buffer, buffer] }),
      submit(pool, add(2, 2)),
    ]);
    assert.deepEqual([outcomes[0].result, outcomes[3].result], [2, 4]);
    assertNotCloneable(outcomes[2].error);
    if (refusesDetached(detached)) assertNotCloneable(outcomes[1].error);
    else assert.deepEqual(outcomes[1], { error: null, result: 1 });
    assert.equal(buffer.byteLength, 8);
    const whole = await submit(pool, { action: 'echo', value: buffer }, { transferList: [buffer] });
    assert.equal(whole.result.byteLength, 8);
  });

  poolTest(`close() settles an unanswered task, ${form}`, {}, async ({ open, submit, close }) => {
    const pool = open(2, file);
    const silent = submit(pool, { action: 'never' });
    const numbers = Array.from({ length: 100 }, (_, a) => a);
    const others = await Promise.all(numbers.map((a) => submit(pool, add(a, 1))));
    assert.deepEqual(
      others.map(({ result }) => result),
      numbers.map((a) => a + 1),
    );
    assert.deepEqual([pool.running, pool.queueSize], [1, 0]);
    const second = submit(pool, { action: 'never' });
    const waiting = submit(pool, add(1, 1));
    while (pool.running < 2) await turn();
    assert.deepEqual([pool.running, pool.queueSize], [2, 1]);
    await close();
    for (const { error, result } of await Promise.all([silent, second, waiting])) {
      assert.equal(error.code, 'ERR_WORKER_POOL_CLOSED');
      assert.equal(result, null);
    }
  });
}

poolTest(
  "in the docs' form the first message is the answer, more are events",
  {},
  async ({ open, submit }) => {
    const pool = open(1, fixture('failures-docs.js'));
    const seen = events(pool, 'message', 200);
    for (let i = 0; i < 100; i++) {
      // The next message must not answer the next task, which is already waiting.
      const both = await Promise.all([
        submit(pool, { action: 'post', values: [`answer ${i}`, `extra ${i}`] }),
        submit(pool, add(i, 1)),
      ]);
      assert.deepEqual(
        both.map(({ result }) => result),
        [`answer ${i}`, i + 1],
      );
    }
    const expected = Array.from({ length: 100 }, (_, i) => [`extra ${i}`, 'done']);
    const values = (await seen).map(([value]) => value);
    assert.deepEqual(values, expected.flat());
    assert.equal(pool.completed, 200);
  },
);

poolTest('messages that a function posts are events', {}, async ({ open, submit }) => {
  const pool = open(1, fixture('failures-function.js'));
  const seen = events(pool, 'message', 2);
  const { result } = await submit(pool, { action: 'post', values: [{ first: 1 }, 'second'] });
  assert.equal(result, 'done');
  assert.deepEqual(await seen, [[{ first: 1 }], ['second']]);
});

poolTest(
  "in the docs' form a handler may catch that its answer cannot be cloned",
  {},
  async ({ open, submit }) => {
    const pool = open(1, fixture('failures-catches.js'));
    assert.deepEqual(await submit(pool, 1), { error: null, result: 'DataCloneError' });
    assert.deepEqual(await submit(pool, 2), { error: null, result: 'DataCloneError' });
    assert.equal(pool.completed, 2);
  },
);

// Answered twice: by its return value, which counts, and by a later error.
poolTest('a function that resolves and rejects gives its result', {}, async ({ open, submit }) => {
  const pool = open(1, fixture('failures-thenable.js'));
  assert.deepEqual(await submit(pool, 'both'), { error: null, result: 'resolved' });
  const { error } = await submit(pool, 'throwing then');
  assert.equal(error.message, 'thrown by then');
  assert.deepEqual(await submit(pool, 'late'), { error: null, result: 'first' });
  assert.deepEqual([pool.completed, pool.failed], [2, 1]);
});
