'use strict';

// Workers that are terminated in the middle of many chains affect no other thread.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { runScript } = require('../helpers/script.js');

const file = path.join(__dirname, '..', 'fixtures', 'worker-chains.js');

// In a process of its own: a crash would end the test runner.
test('20 Workers may be terminated in the middle of their chains', async () => {
  const { code, signal, stdout, stderr } = await runScript(`
    const { once } = require('node:events');
    const { Worker } = require('node:worker_threads');
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    async function one(id) {
      const worker = new Worker(${JSON.stringify(file)}, {
        workerData: { id, chains: 200, endless: true },
      });
      // Some at once, some after a while of chains, some twice.
      for (let i = 0; i < id % 4; i++) await once(worker, 'message'); // endless: more will come
      const codes = await Promise.all([worker.terminate(), id % 5 === 0 && worker.terminate()]);
      if (storage.getStore() !== id) throw new Error('lost ' + id);
      return codes[0];
    }
    (async () => {
      let terminated = 0;
      for (let id = 0; id < 20; id += 2) {
        const both = [id, id + 1].map((each) => storage.run(each, one, each));
        terminated += (await Promise.all(both)).length;
      }
      console.log(terminated);
    })();
  `);
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
  assert.equal(Number(stdout), 20, stderr);
});
