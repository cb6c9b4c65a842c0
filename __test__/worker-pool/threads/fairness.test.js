'use strict';

// No work waits for an unrelated slow task: quick tasks do not wait for a slow one while a thread
// is free, and timers of a thread do not wait for a steady stream of tasks. Without clocks: the
// slow task ends when the quick ones are done, and tasks keep coming until the timer has fired.

const assert = require('node:assert/strict');
const { poolTest, fixture } = require('../../helpers/pool-session.js');

const FAST = 1000;

const forms = {
  'a function': [fixture('fairness-function.js'), (value) => value],
  "the docs' form": [fixture('fairness-docs.js'), (value) => value.answer],
};

for (const [form, [file, answerOf]] of Object.entries(forms)) {
  for (const place of [0, FAST / 2, FAST]) {
    for (const batch of [FAST, 50, 1]) {
      poolTest(
        `a slow task delays none of ${FAST}, number ${place}, by ${batch}, ${form}`,
        {},
        async ({ open, submit }) => {
          const flags = new Int32Array(new SharedArrayBuffer(4));
          const pool = open(2, file, { workerData: { flags } });
          let slow;
          const fast = [];
          for (let i = 0; i <= FAST; i++) {
            if (i === place) slow = submit(pool, { action: 'hold' });
            else fast.push(submit(pool, { action: 'quick', value: i }));
            if (i % batch === 0) await null; // ends one submission batch
            if (i % (batch * 100) === 0) await new Promise((resolve) => setImmediate(resolve));
          }
          const results = await Promise.all(fast);
          assert.deepEqual(
            results.map(({ result }) => answerOf(result)),
            Array.from({ length: FAST + 1 }, (_, i) => i).filter((i) => i !== place),
          );
          Atomics.store(flags, 0, 1);
          Atomics.notify(flags, 0);
          // 'timed-out' if it delayed the others; 'not-equal' if it came last of all.
          const { result } = await slow;
          assert.ok(['ok', 'not-equal'].includes(answerOf(result)), answerOf(result));
        },
      );
    }
  }

  poolTest(`the event loop turns after a long task, ${form}`, {}, async ({ open, submit }) => {
    const pool = open(1, file);
    for (let i = 0; i < 10; i++) {
      submit(pool, { action: 'block', milliseconds: 10 });
      const { result } = await submit(pool, { action: 'hasTurned' });
      assert.equal(answerOf(result), true);
      // The thread is idle by then, at least once.
      for (let turns = 0; turns < 100; turns++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  });

  // Keeps 500 tasks waiting until the worker's message arrives.
  for (const [action, message] of [
    ['timer', 'the timer'],
    ['immediate', 'the immediate'],
  ]) {
    poolTest(`${message} of a saturated thread arrives, ${form}`, {}, async ({ open }) => {
      const pool = open(1, file);
      await pool.run({ action: 'quick', value: 1 });
      let fired = false;
      let idle = 0;
      let outstanding = 0;
      const isIt = (value) => (value.answer ?? value) === message;
      pool.on('message', (value) => {
        fired ||= isIt(value);
      });
      await new Promise((resolve) => {
        const done = (error, result) => {
          assert.equal(error, null);
          outstanding--;
          if (outstanding === 0) idle++;
          // In the docs' form the message may have answered a task.
          if (form !== 'a function' && isIt(result)) fired = true;
          if (!fired) more();
          else if (outstanding === 0) resolve();
        };
        const more = () => {
          while (outstanding < 500) {
            outstanding++;
            pool.runTask({ action: 'quick', value: 1 }, done);
          }
        };
        pool.runTask({ action, milliseconds: 5 }, () => {});
        more();
      });
      assert.equal(idle, 1); // at the end only
    });
  }
}

for (const [name, processor, task] of [
  ['a function', fixture('fairness-function.js'), { action: 'quick', value: 1 }],
  ['the native processor', undefined, { a: 1, b: 2 }],
]) {
  poolTest(
    `a timer and an immediate of the main thread run among results, ${name}`,
    {},
    async ({ open }) => {
      const pool = open(2, processor);
      await pool.run(task);
      const fired = [];
      setTimeout(() => fired.push('timer'), 20);
      setImmediate(() => fired.push('immediate'));
      let outstanding = 0;
      let idle = 0;
      await new Promise((resolve) => {
        const done = () => {
          outstanding--;
          if (outstanding === 0) idle++;
          if (fired.length < 2) more();
          else if (outstanding === 0) resolve();
        };
        const more = () => {
          while (outstanding < 2000) {
            outstanding++;
            pool.runTask(task, done);
          }
        };
        more();
      });
      // Which is the first one depends on how long this thread has not run.
      assert.deepEqual(fired.sort(), ['immediate', 'timer']);
      assert.equal(idle, 1);
    },
  );
}
