'use strict';

// Hooks of async_hooks run in the middle of what makes or resolves a promise, and use the pool there.

const assert = require('node:assert/strict');
const { createHook } = require('node:async_hooks');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { until, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

/** Calls `body` while the hooks are there. */
async function hooked(hooks, body) {
  const hook = createHook(hooks).enable();
  try {
    return await body();
  } finally {
    hook.disable();
  }
}

/** What calls `action` once, at the first promise that is made. */
function atFirstPromise(action) {
  let isDone = false;
  return {
    init(_, type) {
      if (type !== 'PROMISE' || isDone) return;
      isDone = true;
      action();
    },
  };
}

/** Tasks that end when they are released, in a pool that runs two of them at once. */
async function withHeld(options, body) {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const held = async (isHeld) => {
    const counts = require('node:worker_threads').workerData;
    Atomics.add(counts, 0, 1);
    while (isHeld && Atomics.load(counts, 1) === 0) await new Promise(setImmediate);
    return isHeld;
  };
  const release = () => Atomics.store(cells, 1, 1);
  await withPool([1, held, { ...options, tasksPerWorker: 2, workerData: cells }], async (pool) => {
    await body(pool, { release, begun: (count) => until(() => Atomics.load(cells, 0) >= count) });
  });
}

test('a thread that is stopped for two tasks at once is replaced once', async () => {
  await withHeld({}, async (pool, { begun }) => {
    const [controller, other] = [new AbortController(), new AbortController()];
    const tasks = [controller, other].map(({ signal }) => pool.run(true, { signal }));
    await begun(2);
    const { reason } = AbortSignal.abort();
    await hooked(
      atFirstPromise(() => other.abort(reason)),
      () => controller.abort(reason),
    );
    for (const task of tasks) await assert.rejects(task, { code: 'ABORT_ERR' });
    assert.equal(await pool.run(false), false);
    assert.equal(pool.numThreads, 1);
    await until(() => pool.stats().threads.length === 1); // the old one may end later
  });
});

test('drain() waits for what a hook of another drain() has submitted', async () => {
  await withHeld({}, async (pool, { release }) => {
    let isTold = false;
    let late;
    const submit = () => {
      void pool.drain();
      late = pool.run(true).then(() => {
        isTold = true;
      });
    };
    const first = pool.run(false);
    let drained;
    await hooked(atFirstPromise(submit), () => {
      drained = pool.drain();
    });
    await Promise.all([first, pool.run(false)]);
    const all = pool.drain().then(() => isTold);
    release();
    assert.equal(await all, true);
    await Promise.all([drained, late]);
  });
});

test('a hook of a drain() that is over has another task told', async () => {
  await withHeld({}, async (pool) => {
    const ids = new WeakMap();
    let drained;
    let result;
    const hooks = {
      init: (id, _type, _trigger, resource) => void ids.set(resource, id),
      promiseResolve(id) {
        if (result !== undefined || drained === undefined || ids.get(drained) !== id) return;
        result = false;
        result = pool.runSync(false);
      },
    };
    await hooked(hooks, async () => {
      const tasks = [pool.run(false)];
      void pool.drain(); // makes the promise of the next one
      tasks.push(pool.run(false));
      drained = pool.drain();
      await Promise.all([...tasks, drained]);
    });
    assert.equal(result, false);
    assert.equal(await pool.run(false), false);
    await pool.drain();
  });
});
