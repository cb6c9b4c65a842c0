'use strict';

// Messages from other threads run in the scope in which their receiver was created: neither that of
// the listener nor that of the sender.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { BroadcastChannel, MessageChannel, Worker } = require('node:worker_threads');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);
const entry = JSON.stringify(require.resolve('../../index.js'));

test('MessagePort', async () => {
  const channel = storage.run('maker', () => new MessageChannel());
  const found = [];
  const received = storage.run(
    'listener',
    () =>
      new Promise((resolve) => {
        channel.port1.on('message', () => {
          if (found.push(seen()) === 2) resolve();
        });
      }),
  );
  storage.run('poster', () => {
    channel.port2.postMessage(1);
    channel.port2.postMessage(2);
  });
  await received;
  channel.port1.close();
  assert.deepEqual(found, ['maker', 'maker']);
});

test('the next message does not see a store entered by a handler', async () => {
  const { port1, port2 } = new MessageChannel();
  const found = [];
  const received = new Promise((resolve) => {
    port1.on('message', () => {
      if (found.push(seen()) === 3) resolve();
      storage.run('nested', () => {});
    });
  });
  for (let i = 0; i < 3; i++) port2.postMessage(i);
  await received;
  port1.close();
  assert.deepEqual(found, Array(3).fill(undefined));
});

test('BroadcastChannel', async () => {
  const receiver = storage.run('maker', () => new BroadcastChannel('async-hooks-rs'));
  const sender = new BroadcastChannel('async-hooks-rs');
  const received = storage.run(
    'listener',
    () =>
      new Promise((resolve) => {
        receiver.onmessage = () => resolve(seen());
      }),
  );
  storage.run('poster', () => sender.postMessage(1));
  assert.equal(await received, 'maker');
  receiver.close();
  sender.close();
});

test('the events of a Worker', async () => {
  const worker = storage.run(
    'maker',
    () =>
      new Worker(
        `
    const { parentPort } = require('node:worker_threads');
    parentPort.once('message', () => { throw new Error('expected'); });
    parentPort.postMessage(1);
  `,
        { eval: true },
      ),
  );
  const found = [];
  storage.run('listener', () => {
    for (const event of ['online', 'message', 'error', 'exit']) {
      worker.on(event, () => found.push([event, seen()]));
    }
  });
  await once(worker, 'message');
  storage.run('poster', () => worker.postMessage(1));
  await new Promise((resolve) => worker.on('exit', resolve));
  assert.deepEqual(found, [
    ['online', 'maker'],
    ['message', 'maker'],
    ['error', 'maker'],
    ['exit', 'maker'],
  ]);
});

carries(
  test,
  'waiting for a Worker and for its end',
  async (report) => {
    const worker = new Worker(
      `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', () => {});
    parentPort.postMessage(1);
  `,
      { eval: true },
    );
    await once(worker, 'message');
    report();
    await worker.terminate();
    report();
  },
  { times: 2 },
);

test('a Worker begins in no scope and has its own scopes', async () => {
  const worker = storage.run(
    'maker',
    () =>
      new Worker(
        `
    const { parentPort } = require('node:worker_threads');
    const { AsyncLocalStorage } = require(${entry});
    const storage = new AsyncLocalStorage();
    const found = [storage.getStore()];
    storage.run('inside', async () => {
      await null;
      found.push(storage.getStore());
      setTimeout(() => {
        found.push(storage.getStore());
        parentPort.postMessage(found);
      }, 1);
    });
  `,
        { eval: true },
      ),
  );
  // At the same time: a Worker that ends at once emits both in one go.
  const [[found]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  assert.deepEqual(found, [undefined, 'inside', 'inside']);
});
