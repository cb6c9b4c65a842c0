'use strict';

// Promises for work on threads and for futures.

const test = require('node:test');
const assert = require('node:assert/strict');
const { demo, classes } = require('./demo.js');

const PANIC = 'ERR_ASYNC_CONTEXT_PANIC';

test('jobs run on as many threads as the limit says, at once', async () => {
  demo.limitBlockingThreads(6);
  assert.deepEqual(await Promise.all(demo.meet(6)), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(await Promise.all(demo.meet(6)), [0, 1, 2, 3, 4, 5]);
  demo.limitBlockingThreads(8);
  assert.deepEqual(await Promise.all(demo.meet(8)), [0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a job runs on the executor that it is given', async () => {
  const storage = new classes["Node's"]();
  const seen = await storage.run('a', async () => [
    await demo.jobOnOwnThread(7),
    storage.getStore(),
  ]);
  assert.deepEqual(seen, [7, 'a']);
});

test('a panic rejects with its message, on a thread and on the JavaScript thread', async () => {
  await assert.rejects(demo.panickingWork(), { code: PANIC, message: /expected panic$/ });
  await assert.rejects(demo.failingEnd('panics'), { code: PANIC, message: /expected panic$/ });
  await assert.rejects(demo.failingFuture(true), { code: PANIC, message: /expected panic$/ });
});

test('what panics when it is dropped ends no thread', async () => {
  demo.limitBlockingThreads(2);
  for (let i = 0; i < 20; i++) {
    await assert.rejects(demo.panickingDrop(), { code: PANIC, message: /expected panic$/ });
    await assert.rejects(demo.panickingPayload(), { code: PANIC, message: /no message$/ });
  }
  assert.deepEqual(await Promise.all(demo.meet(2)), [0, 1]);
});

test('an error or exception of the end rejects, and so does a dropped job', async () => {
  await assert.rejects(demo.failingEnd('returns'), { message: 'expected error' });
  await assert.rejects(demo.failingEnd('throws'), { message: 'expected exception' });
  await assert.rejects(demo.failingFuture(false), { message: 'expected error' });
  await assert.rejects(demo.droppedJob(), { code: 'ERR_ASYNC_CONTEXT_DROPPED' });
  const thrown = new Error('of the callback');
  const caught = await demo
    .sum([1], () => {
      throw thrown;
    })
    .catch((error) => error);
  assert.equal(caught, thrown);
});

test('an unhandled rejection is reported in the context of the job', async () => {
  const storage = new classes["Node's"]();
  for (const start of [() => demo.panickingWork(), () => demo.failingFuture(false)]) {
    const rejected = new Promise((resolve) =>
      process.once('unhandledRejection', () => resolve(storage.getStore())),
    );
    storage.run('a', start);
    assert.equal(await rejected, 'a');
  }
});
