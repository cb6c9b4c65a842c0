'use strict';

// Many chains in several Workers at the same time, each with its own engine, and Workers that are
// terminated in the middle of them affect no other thread.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { AsyncLocalStorage } = require('../../index.js');
const { Journey } = require('../helpers/journey.js');
const { createRandom } = require('../helpers/random.js');
const { runScript } = require('../helpers/script.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const file = path.join(__dirname, '..', 'fixtures', 'worker-chains.js');
const nothing = [undefined, undefined, undefined];

async function result(worker) {
  // At the same time: a Worker that ends at once emits both in one go. They reject on 'error'.
  const [[checks], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return { checks, code };
}

test('1,000 chains in each of four Workers and in the main thread keep their stores', async () => {
  const storages = [1, 2, 3].map(() => new AsyncLocalStorage());
  const workers = [1, 2, 3, 4].map((id) => storages[0].run(`creator of ${id}`, () =>
    new Worker(file, { workerData: { id, chains: 1000, endless: false } })));
  const results = workers.map(result);
  await storages[1].run('main', async () => {
    const own = [undefined, 'main', undefined];
    await Promise.all(Array.from({ length: 200 }, (_, i) =>
      new Journey(storages, createRandom(i), `main ${i}`).travel(own, 2)));
  });
  new Journey(storages, Math.random, 'main').check(nothing);
  for (const { checks, code } of await Promise.all(results)) {
    assert.equal(code, 0);
    assert.ok(checks > 4000, `${checks} checks`);
  }
});

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
