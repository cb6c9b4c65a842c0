'use strict';

// The pool emits messages that a processor in the form of the documentation posts besides its
// replies.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns, messages } = require('../../helpers/with-pool.js');

const test = poolSuite();

const posts = fixture('docs-posts.js');

test('further messages of one listener call are events', async () => {
  await withPool([1, posts], async (pool) => {
    const { enough } = messages(pool, 3);
    const outcome = await outcomeOf(pool, { now: ['reply', 1, { two: 2 }, [3]] });
    assert.deepEqual(outcome, [null, 'reply']);
    assert.deepEqual(await enough, [1, { two: 2 }, [3]]);
  });
});

test('messages long after the reply are events', async () => {
  await withPool([1, posts], async (pool) => {
    const { enough } = messages(pool, 2);
    assert.equal(await pool.run({ now: ['reply'], later: ['late', 'later'] }), 'reply');
    assert.deepEqual(await enough, ['late', 'later']);
  });
});

test('the reply may come later, and messages after it are events', async () => {
  await withPool([1, posts], async (pool) => {
    const { enough } = messages(pool, 1);
    assert.equal(await pool.run({ later: ['reply', 'extra'] }), 'reply');
    assert.deepEqual(await enough, ['extra']);
  });
});

test('undefined and null are valid replies and messages', async () => {
  await withPool([1, posts], async (pool) => {
    const { enough } = messages(pool, 2);
    assert.deepEqual(await outcomeOf(pool, { now: [undefined, null, undefined] }), [
      null,
      undefined,
    ]);
    assert.deepEqual(await enough, [null, undefined]);
    assert.deepEqual(await outcomeOf(pool, { now: [null] }), [null, null]);
  });
});

test('without a listener of the pool, messages are dropped', async () => {
  await withPool([1, posts], async (pool) => {
    for (let i = 0; i < 20; i++) {
      assert.equal(await pool.run({ now: [`reply ${i}`, 'dropped', 'dropped too'] }), `reply ${i}`);
    }
    assert.deepEqual([pool.completed, pool.failed], [20, 0]);
  });
});

test('what a getter of the reply posts is a message', async () => {
  await withPool([1, posts], async (pool) => {
    for (const isDeep of [false, true]) {
      const { enough } = messages(pool, 1);
      const { before, now, after } = await pool.run({ now: ['reply'], within: 'extra', isDeep });
      assert.deepEqual(
        [before, now.flat(Infinity), after],
        ['the getter', ['reply'], 'the getter'],
      );
      const [{ within }] = await enough;
      assert.deepEqual([within].flat(Infinity), ['extra']);
    }
    assert.equal(await pool.run({ now: ['next'] }), 'next');
  });
});

test('messages of many tasks never answer another task', async () => {
  await withPool([2, posts], async (pool) => {
    const { values, enough } = messages(pool, 400);
    const tasks = Array.from({ length: 200 }, (_, i) => ({ now: [i, `a${i}`, `b${i}`] }));
    const results = await Promise.all(tasks.map((task) => pool.run(task)));
    assert.deepEqual(
      results,
      tasks.map((_, i) => i),
    );
    await enough;
    assert.deepEqual(new Set(values), new Set(tasks.flatMap((_, i) => [`a${i}`, `b${i}`])));
  });
});

for (const how of ['on', 'onmessage', 'addEventListener']) {
  test(`messages carry the id of the task that came last: ${how}`, () =>
    withPool([2, fixture('docs-task-info.js'), { workerData: { how } }], async (pool) => {
      const count = 50;
      const { ids, values, enough } = messages(pool, 2 * count);
      const tasks = Array.from({ length: count }, (_, i) => ({ action: 'post', value: i }));
      const replies = await Promise.all(tasks.map((task) => pool.run(task)));
      await enough;
      assert.equal(new Set(replies).size, count);
      for (const [place, value] of values.entries()) assert.equal(ids[place], replies[value]);
      assert.equal((await pool.run({ action: 'info' })).attempt, 1);
    }));
}

test('messages before the first task, and those of functions, have none', async () => {
  await withPool([1, fixture('docs-startup-messages.js')], async (pool) => {
    const { ids, enough } = messages(pool, 2);
    await enough;
    assert.deepEqual(ids, [undefined, undefined]);
  });
  await withPool([1, fixture('function-posts.js')], async (pool) => {
    const { ids, enough } = messages(pool, 1);
    await pool.run(['one']);
    await enough;
    assert.deepEqual(ids, [undefined]);
  });
});

test('messages posted while the file is loaded are events', async () => {
  await withPool([2, fixture('docs-startup-messages.js')], async (pool) => {
    const { values, enough } = messages(pool, 4);
    const results = await Promise.all([1, 2, 3, 4, 5].map((n) => pool.run(n)));
    assert.deepEqual(results, [1, 2, 3, 4, 5]);
    await enough;
    await turns();
    assert.deepEqual(values.map(({ startup }) => startup).sort(), [1, 1, 2, 2]);
    assert.equal(new Set(values.map(({ threadId }) => threadId)).size, 2);
  });
});

test('messages that a worker posts without any task are events', async () => {
  await withPool([1, fixture('docs-ticks.js'), { workerData: { count: 3 } }], async (pool) => {
    const { enough } = messages(pool, 3);
    // An idle pool keeps nothing alive; the outstanding task does.
    const ended = pool.run('wait for the last tick');
    assert.deepEqual(await enough, ['tick 1', 'tick 2', 'tick 3']);
    assert.equal(await ended, 'done');
  });
});

test('messages that a function processor posts to parentPort are events', async () => {
  await withPool([1, fixture('function-posts.js')], async (pool) => {
    const { enough } = messages(pool, 3);
    assert.equal(await pool.run(['one', { two: 2 }, new Map([[3, 3]])]), 3);
    assert.deepEqual(await enough, ['one', { two: 2 }, new Map([[3, 3]])]);
  });
});

test('a message may hold values that only a port can carry', async () => {
  await withPool([1, fixture('docs-posts-shared.js')], async (pool) => {
    const { enough } = messages(pool, 1);
    const cells = new Int32Array(await pool.run('shared'));
    const [extra] = await enough;
    assert.ok(extra instanceof SharedArrayBuffer);
    Atomics.store(cells, 0, 42);
    assert.equal(Atomics.load(new Int32Array(extra), 0), 42);
  });
});
