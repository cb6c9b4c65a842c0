'use strict';

// Environments that end while threads use their contexts.

const test = require('node:test');
const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) main();
else worker();

function worker() {
  const { demo, classes } = require('./demo.js');
  const storage = new classes["Node's"]();
  if (workerData === 'other context') {
    const codes = [];
    for (const name of ['enterSharedContext', 'callInSharedContext']) {
      try {
        demo[name](() => {});
        codes.push('nothing');
      } catch ({ code }) {
        codes.push(code);
      }
    }
    parentPort.postMessage(codes);
    return;
  }
  let ready = false;
  storage.run('worker', () => {
    for (let i = 0; i < 20; i++) demo.contextTask(i);
    demo.dropOnThread(200, () => {});
    demo.storm(8, () => {
      if (storage.getStore() !== 'worker') throw new Error(`lost: ${storage.getStore()}`);
      if (!ready) parentPort.postMessage('ready');
      ready = true;
    });
  });
}

function main() {
  const { demo, spawnProgram } = require('./demo.js');
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('a context of another environment is refused', async () => {
    demo.shareContext();
    demo.enterSharedContext();
    const other = new Worker(__filename, { workerData: 'other context' });
    const [codes] = await once(other, 'message');
    assert.deepEqual(codes, ['InvalidArg', 'InvalidArg']);
    await other.terminate();
  });

  test('30 Workers are terminated while 8 threads each use their contexts', async () => {
    for (let round = 0; round < 10; round++) {
      const workers = [0, 1, 2].map(() => new Worker(__filename));
      await Promise.all(workers.map((one) => once(one, 'message')));
      await Promise.all(workers.map((one) => one.terminate()));
    }
    while (demo.stormThreads() > 0) await turn();
    // The addon is still there, and works.
    assert.equal(await demo.contextTask(21), 42);
  });

  test('a Worker that alone has loaded the addon ends before its threads', async () => {
    const program = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(__filename)});
      worker.once('message', () => worker.terminate().then(() => setTimeout(() => {}, 50)));`;
    const child = spawnProgram(program, 'inherit');
    assert.deepEqual(await once(child, 'close'), [0, null]);
  });
}
