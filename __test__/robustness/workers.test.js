'use strict';

// Many chains in several Workers at the same time, each with its own engine.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { AsyncLocalStorage } = require('../../index.js');
const { Journey } = require('../helpers/journey.js');
const { createRandom } = require('../helpers/random.js');
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
  const workers = [1, 2, 3, 4].map((id) =>
    storages[0].run(
      `creator of ${id}`,
      () => new Worker(file, { workerData: { id, chains: 1000, endless: false } }),
    ),
  );
  const results = workers.map(result);
  await storages[1].run('main', async () => {
    const own = [undefined, 'main', undefined];
    await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        new Journey(storages, createRandom(i), `main ${i}`).travel(own, 2),
      ),
    );
  });
  new Journey(storages, Math.random, 'main').check(nothing);
  for (const { checks, code } of await Promise.all(results)) {
    assert.equal(code, 0);
    assert.ok(checks > 4000, `${checks} checks`);
  }
});
