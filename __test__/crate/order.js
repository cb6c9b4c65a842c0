'use strict';

// Calls of functions, posts and the ends of jobs have one order: that in which they were sent.

const test = require('node:test');
const assert = require('node:assert/strict');
const { demo } = require('./demo.js');

const numbers = (count) => Array.from({ length: count }, (_, i) => i);

/** What arrives before the promise, and then the promise's value. */
async function log(start, count) {
  const seen = [];
  const value = await start(count, (number) => seen.push(number));
  return [...seen, `settled with ${value}`];
}

for (const name of ['sendFromThread', 'sendFromFuture', 'count']) {
  test(`all that a job has sent arrives before its promise is settled: ${name}()`, async () => {
    for (let round = 0; round < 50; round++) {
      assert.deepEqual(await log(demo[name], 6), [...numbers(6), 'settled with 6']);
    }
  });
}

test('so it does if more has been sent than is delivered in a turn', async () => {
  const count = 5000;
  for (const name of ['sendFromThread', 'sendFromFuture']) {
    assert.deepEqual(await log(demo[name], count), [...numbers(count), `settled with ${count}`]);
  }
});

test('handlers of the promise run after those of the last call', async () => {
  const seen = [];
  await demo
    .sendFromThread(1, () => {
      process.nextTick(() => seen.push('tick of the call'));
      queueMicrotask(() => seen.push('microtask of the call'));
    })
    .then(() => seen.push('settled'));
  assert.deepEqual(seen, ['tick of the call', 'microtask of the call', 'settled']);
});
