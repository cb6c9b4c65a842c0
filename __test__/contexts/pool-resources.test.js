'use strict';

// The async resource of a task that has contexts: it is the task's own, and hooks of the program
// are told of it.

const assert = require('node:assert/strict');
const path = require('node:path');
const { storageFor } = require('../../contexts.js');
const { poolSuite } = require('../helpers/pool-suite.js');
const { withPool } = require('../helpers/with-pool.js');

const test = poolSuite(__filename);
const processor = path.join(__dirname, '../fixtures/contexts/function-hooked.js');
const request = storageFor('test.request');
const options = { contexts: [request] };

test('each task with a context runs in an async resource of its own', async () => {
  await withPool([1, processor, options], async (pool) => {
    const tasks = Array.from({ length: 3 }, (_, id) => request.run({ id }, () => pool.run('')));
    const results = await Promise.all(tasks);
    for (const [id, { isOwn, isTriggered, store, later }] of results.entries()) {
      assert.deepEqual({ isOwn, isTriggered }, { isOwn: true, isTriggered: true });
      assert.deepEqual([store, later], [{ id }, { id }]);
    }
    assert.equal(new Set(results.map(({ id }) => id)).size, results.length);
  });
});

test('a hook of the program is told of the resource while it is enabled', async () => {
  await withPool([1, processor, options], async (pool) => {
    const run = (step) => request.run({ step }, () => pool.run(step));
    const toldOf = { '': ['init', 'before', 'after'], 'disable': ['init', 'before'] };
    assert.deepEqual((await run('')).events, []);
    await run('enable');
    for (const [step, told] of Object.entries(toldOf)) {
      const { events, store, later } = await run(step);
      assert.deepEqual(events, told);
      assert.deepEqual([store, later], [{ step }, { step }]);
    }
    const { events, store, later } = await run('');
    assert.deepEqual(events, []);
    assert.deepEqual([store, later], [{ step: '' }, { step: '' }]);
  });
});

test('what a task enters ends with it', async () => {
  await withPool([1, processor, options], async (pool) => {
    const first = request.run({ id: 1 }, () => pool.run('enterWith'));
    const second = request.run({ id: 2 }, () => pool.run(''));
    const third = pool.run('');
    const stores = (await Promise.all([first, second, third])).map(({ store, later }) => [
      store,
      later,
    ]);
    assert.deepEqual(stores, [
      ['entered by a task', 'entered by a task'],
      [{ id: 2 }, { id: 2 }],
      [undefined, undefined],
    ]);
  });
});

test('a run() that the program has put in the place of the own one is called', async () => {
  await withPool([1, processor, options], async (pool) => {
    const run = () => request.run({ id: 1 }, () => pool.run(''));
    await request.run({ id: 1 }, () => pool.run('replaceRun'));
    for (let i = 0; i < 3; i++) assert.deepEqual((await run()).store, { id: 1, replaced: true });
  });
});
