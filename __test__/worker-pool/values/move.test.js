'use strict';

// Results of functions that are moved: move().

const assert = require('node:assert/strict');
const { pathToFileURL } = require('node:url');
const { WorkerPool: Indexed } = require('../../../index.js');
const WorkerPool = require('../../../worker-pool.js');
const { storageFor } = require('../../../contexts.js');
const { fixture, poolTest } = require('../../helpers/pool-session.js');
const { processorFolder } = require('../../helpers/processor-folder.js');

const { move } = WorkerPool;
const processor = fixture('function-moves.cjs');

poolTest('moved results are detached in the thread, of any size', {}, async ({ open }) => {
  const pool = open(1, processor);
  for (const result of ['buffer', 'view']) {
    for (const size of [1, 100_000, 5_000_000]) {
      const bytes = await pool.run({ result, size });
      assert.deepStrictEqual(bytes, new Uint8Array(size).fill(7));
      assert.equal(await pool.run({ result: 'left' }), 0, `${result} of ${size} bytes`);
    }
  }
});

poolTest('the data of a task can be moved back', {}, async ({ open }) => {
  const pool = open(1, processor);
  for (const size of [1, 100_000]) {
    const bytes = new Uint8Array(size).fill(3);
    assert.deepStrictEqual(await pool.run({ result: 'sent', bytes }), bytes);
  }
});

poolTest('several objects, and a port that works', {}, async ({ open }) => {
  const pool = open(1, processor);
  const { first, port, more } = await pool.run({ result: 'several' });
  assert.deepEqual([[...first], [...more]], [[1], [2, 2, 2]]);
  assert.equal(await pool.run({ result: 'left' }), 0);
  port.postMessage('hello');
  assert.equal(await pool.run({ result: 'received' }), 'hello');
  port.close();
});

poolTest('each of a burst of moved results reaches its own task', {}, async ({ open }) => {
  const pool = open(2, processor);
  const results = await Promise.all(
    Array.from({ length: 300 }, (_, value) => pool.run({ result: 'later', size: 16, value })),
  );
  for (const [i, { value, bytes }] of results.entries()) {
    assert.deepEqual([value, ...bytes], [i, ...new Uint8Array(16).fill(i)]);
  }
});

poolTest('what needs no list, and a list that is changed afterwards', {}, async ({ open }) => {
  const pool = open(1, processor);
  assert.equal(await pool.run({ result: 'plain' }), 'plain');
  assert.equal((await pool.run({ result: 'shared' })).byteLength, 4);
  assert.deepEqual([...(await pool.run({ result: 'changed' }))], [2, 2]);
  assert.equal(await pool.run({ result: 'left' }), 0);
});

poolTest('wrong ones fail their task alone', {}, async ({ open }) => {
  const pool = open(1, processor);
  const inside = /^What move\(\) returns has to be the whole result/;
  for (const [result, code, message] of [
    ['inside', 'ERR_WORKER_POOL_NOT_CLONEABLE', inside],
    ['inside a Map', 'ERR_WORKER_POOL_NOT_CLONEABLE', inside],
    ['moved before', 'ERR_WORKER_POOL_NOT_CLONEABLE', inside],
    ['progress', 'ERR_WORKER_POOL_NOT_CLONEABLE', /progress.* What move\(\) returns/],
    ['unlisted', 'ERR_WORKER_POOL_NOT_CLONEABLE', /^The result cannot be sent/],
    ['not transferable', 'ERR_WORKER_POOL_NOT_CLONEABLE', /^The result cannot be sent/],
    ['twice', 'ERR_WORKER_POOL_NOT_CLONEABLE', /^The result cannot be sent/],
    ['no list', 'ERR_INVALID_ARG_TYPE', /^The "transferList" argument must be/],
  ]) {
    await assert.rejects(
      pool.run({ result }, { onProgress: () => assert.fail('nothing is told') }),
      (error) => {
        assert.ok(error instanceof TypeError, result);
        assert.equal(error.code, code, result);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.equal(pool.numThreads, 1);
  await assert.rejects(pool.run(move(new Uint8Array(1))), {
    code: 'ERR_WORKER_POOL_NOT_CLONEABLE',
  });
});

poolTest('contexts that come back do not get in the way', {}, async ({ open }) => {
  const storage = storageFor('move.test');
  const contexts = [{ storage, returns: true, merge: (store) => store }];
  const pool = open(1, processor, { contexts });
  await storage.run('store', async () => {
    assert.deepEqual([...(await pool.run({ result: 'view', size: 2 }))], [7, 7]);
    assert.equal(await pool.run({ result: 'left' }), 0);
    assert.equal(storage.getStore(), 'store');
  });
});

poolTest('an ES module imports it by name', {}, async ({ open }, t) => {
  const { href } = pathToFileURL(require.resolve('async-hooks-rs/worker-pool'));
  const file = processorFolder(t)(
    'a.mjs',
    `import { move } from ${JSON.stringify(href)};
     export default (size) => move(new Uint8Array(size));`,
  );
  assert.deepEqual(await open(1, file).run(3), new Uint8Array(3));
  assert.equal(Indexed.move, move);
});
