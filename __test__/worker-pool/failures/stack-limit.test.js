'use strict';

// Calls near the stack limit: each of them completes, or throws and has done nothing. A recursion
// is caught at every depth near its end, so that it meets the limit at every point of a call.

const assert = require('node:assert/strict');
const { poolTest, fixture } = require('../../helpers/pool-session.js');

const DEPTHS = 400;

/** Calls `action` at that many depths before the stack is used up. */
function nearTheLimit(action) {
  let left = DEPTHS;
  const dive = () => {
    try {
      dive();
    } catch {
      /* RangeError */
    }
    if (left-- > 0) action();
  };
  dive();
}

const processors = { native: undefined, 'a function': fixture('function-echo.js') };
const task = { a: 1, b: 2 };

for (const [name, processor] of Object.entries(processors)) {
  for (const options of [{}, { minThreads: 0 }]) {
    const title = `${name}, ${options.minThreads === 0 ? 'no' : 'all'} threads at the beginning`;

    poolTest(`run() near the stack limit: ${title}`, {}, async ({ open, submit }) => {
      const pool = open(2, processor, options);
      const outcomes = [];
      nearTheLimit(() => {
        try {
          const promise = pool.run(task);
          outcomes.push(promise);
          promise.catch(() => {});
        } catch {
          /* RangeError */
        }
      });
      await Promise.allSettled(outcomes);
      await pool.drain();
      assert.deepEqual([pool.running, pool.queueSize], [0, 0]);
      assert.equal((await submit(pool, task)).error, null);
    });

    poolTest(`runTask() near the stack limit: ${title}`, {}, async ({ open, submit }) => {
      const pool = open(2, processor, options);
      const calls = [];
      const accepted = [];
      nearTheLimit(() => {
        const index = calls.length;
        calls[index] = 0;
        try {
          pool.runTask(task, () => {
            calls[index]++;
          });
          accepted[index] = 1;
        } catch {
          accepted[index] = 0;
        }
      });
      await pool.drain();
      for (const [index, times] of accepted.entries()) assert.equal(calls[index], times);
      assert.deepEqual([pool.running, pool.queueSize], [0, 0]);
      assert.equal((await submit(pool, task)).error, null);
    });
  }

  poolTest(`drain() and a full queue near the limit: ${name}`, {}, async ({ open, submit }) => {
    const pool = open(1, processor, { maxQueue: 0 });
    const first = submit(pool, task);
    nearTheLimit(() => {
      try {
        pool.run(task).catch(() => {});
        pool.drain().catch(() => {});
      } catch {
        /* RangeError */
      }
    });
    assert.equal((await first).error, null);
    await pool.drain();
    assert.equal((await submit(pool, task)).error, null);
  });

  poolTest(`a signal and a timeout near the stack limit: ${name}`, {}, async ({ open, submit }) => {
    const pool = open(1, processor);
    const controller = new AbortController();
    const { signal } = controller;
    nearTheLimit(() => {
      try {
        pool.run(task, { signal, timeout: 60_000 }).catch(() => {});
      } catch {
        /* RangeError */
      }
    });
    await pool.drain();
    const others = Array.from({ length: DEPTHS }, () => submit(pool, task));
    controller.abort();
    for (const { error } of await Promise.all(others)) assert.equal(error, null);
  });

  poolTest(`close() near the stack limit: ${name}`, {}, async ({ open, submit }) => {
    const pool = open(1, processor);
    const running = Array.from({ length: 10 }, () => submit(pool, task));
    nearTheLimit(() => {
      try {
        pool.close().catch(() => {});
      } catch {
        /* RangeError */
      }
    });
    await pool.close();
    await Promise.all(running);
  });
}

for (const file of ['stack-limit-function.js', 'stack-limit-docs.js']) {
  poolTest(`replies near the stack limit, ${file}`, {}, async ({ open, submit }) => {
    const pool = open(1, fixture(file));
    pool.on('message', () => {}); // extra replies
    for (let round = 0; round < 5; round++) {
      const { error, result } = await submit(pool, { round });
      assert.ok(error === null || error instanceof RangeError, String(error));
      if (error === null) assert.deepEqual(result, { round });
    }
  });
}

// Too deep for the encoder of the pool, so it is the host that copies them, at both ends.
poolTest('tasks that the stack of a worker is too small for', {}, async ({ open, submit }) => {
  const pool = open(1, fixture('function-echo.js'), { resourceLimits: { stackSizeMb: 0.4 } });
  let nested = [];
  for (let depth = 1; depth <= 1000; depth++) {
    nested = [nested];
    if (depth % 100 !== 0) continue;
    const { error } = await submit(pool, nested);
    // V8 says the second one where the result, or what the processor calls, takes too much.
    const expected =
      error === null ||
      error.code === 'ERR_WORKER_POOL_NOT_CLONEABLE' ||
      (error instanceof RangeError && error.message === 'Maximum call stack size exceeded');
    assert.ok(expected, String(error));
  }
  assert.equal((await submit(pool, task)).error, null);
});
