'use strict';

// However a task ends, its callback and its promise run in the scope of the submission, and
// observers of async_hooks see one resource for it, from submission to the end of the callback.

const assert = require('node:assert/strict');
const { AsyncLocalStorage, AsyncResource } = require('../../../index.js');
const {
  createHook,
  executionAsyncId,
  executionAsyncResource,
  triggerAsyncId,
} = require('node:async_hooks');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { outcomes, play, check } = require('../../helpers/pool-outcomes.js');
const { turns } = require('../../helpers/with-pool.js');

const test = poolSuite(__filename);
const storage = new AsyncLocalStorage();
const TYPE = 'WorkerPoolTaskInfo';

const scopes = ['one', 'two', undefined];
const inScope = (i, fn) => storage.run(scopes[i], fn);

/** The stores seen in the callback and in operations that it starts, and the error. */
const byCallback = (pool, task, options = {}) =>
  new Promise((resolve, reject) => {
    let calls = 0;
    pool.runTask(task, options, async (err) => {
      if (++calls > 1) reject(new Error('called twice'));
      const seen = [storage.getStore()];
      await null;
      seen.push(storage.getStore());
      await new Promise((next) => setTimeout(next, 1));
      seen.push(storage.getStore());
      resolve({ seen, err });
    });
  });

/** The same for a promise: after an await, and in then(), catch() and finally(). */
async function byPromise(pool, task, options) {
  const seen = [];
  const look = () => {
    seen.push(storage.getStore());
  };
  const promise = pool.run(task, options);
  await Promise.all([promise.then(look, look), promise.finally(look).catch(() => {})]);
  let err = null;
  try {
    await promise;
  } catch (error) {
    err = error;
  }
  look();
  return { seen, err };
}

for (const [title, outcome] of Object.entries(outcomes)) {
  test(`callback and promise, ${title}: the scope of its submission`, async () => {
    const results = await storage.run('elsewhere', () =>
      play(outcome, (send, i) =>
        inScope(i, () => Promise.all([send(byCallback), send(byPromise)])),
      ),
    );
    for (const { err } of results.flat()) check(assert, outcome, err);
    const expected = scopes.map((store) => Array(2).fill(Array(3).fill(store)));
    assert.deepEqual(
      results.map((ways) => ways.map(({ seen }) => seen)),
      expected,
    );
  });

  test(`${title}: one resource, from the submission to the end of the callback`, async () => {
    const events = new Map();
    const log = (name) => (asyncId) => events.get(asyncId)?.push(name);
    const triggers = new Map();
    const resources = new Map();
    const hook = createHook({
      init(asyncId, type, trigger, resource) {
        if (type !== TYPE) return;
        events.set(asyncId, ['init']);
        triggers.set(asyncId, trigger);
        resources.set(asyncId, resource); // and a collection does not destroy a kept resource
      },
      before: log('before'),
      after: log('after'),
      destroy: log('destroy'),
    }).enable();
    try {
      const callers = [];
      const inside = [];
      await play(outcome, (send, i) =>
        send((pool, task, options = {}) => {
          const caller = new AsyncResource('CALLER');
          callers.push(caller.asyncId());
          return new Promise((resolve) => {
            caller.runInAsyncScope(() => {
              const known = events.size;
              pool.runTask(task, options, () => {
                const id = executionAsyncId();
                inside[i] = { id, trigger: triggerAsyncId() };
                events.get(id).push('callback');
                assert.equal(executionAsyncResource(), resources.get(id));
                resolve();
              });
              const own = [...triggers.values()].filter((id) => id === caller.asyncId());
              assert.deepEqual([own.length, events.size], [1, known + 1], 'made at the submission');
            });
          });
        }),
      );
      await turns();
      for (const [i, { id, trigger }] of inside.entries()) {
        assert.deepEqual([trigger, triggers.get(id)], [callers[i], callers[i]]);
        assert.deepEqual(events.get(id), ['init', 'before', 'callback', 'after', 'destroy']);
      }
      assert.equal(new Set(inside.map(({ id }) => id)).size, scopes.length);
      // Additional tasks of a play behave the same.
      for (const list of events.values()) {
        assert.deepEqual(
          list.filter((name) => name !== 'callback'),
          ['init', 'before', 'after', 'destroy'],
        );
      }
    } finally {
      hook.disable();
    }
  });
}
