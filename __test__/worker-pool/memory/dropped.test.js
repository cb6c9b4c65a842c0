'use strict';

// An unreachable pool without tasks is collected, without close(), and its threads end. A pool with
// outstanding tasks is kept.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const native = { native: 'add' };
const keeper = fixture('port-keeper.js');
const inWorkerFile = path.join(__dirname, '..', '..', 'fixtures', 'pool', 'dropped-in-worker.js');

// Returns the number of collected pools, and the memory that their regions still take.
async function dropPools({ count, processor, options, inWorkerFile }) {
  if (inWorkerFile !== undefined) {
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(inWorkerFile, {
      workerData: { count, processor, options },
      stderr: false,
    });
    return new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  }
  return require('./__test__/fixtures/pool/dropped-in-worker.js')({ count, processor, options });
}

for (const place of ['the main thread', 'a Worker']) {
  for (const [title, processor, options] of [
    ['a native pool without threads', native, { minThreads: 0 }],
    ['a native pool with idle threads', native, {}],
    ['a pool without threads', keeper, { minThreads: 0 }],
    ['a pool with idle threads', keeper, {}],
    ['a pool whose thread is about to retire', native, { minThreads: 0, idleTimeout: 1e6 }],
  ]) {
    test(`a dropped pool is collected in ${place}: ${title}`, async () => {
      const data = { count: processor === keeper ? 3 : 20, processor, options };
      if (place === 'a Worker') data.inWorkerFile = inWorkerFile;
      const { collected, ended, megabytes } = await runProgram(dropPools, { data });
      assert.equal(collected, data.count);
      assert.equal(ended, true);
      assert.ok(megabytes < 4, `${megabytes} MB`);
    });
  }
}

test('the threads of a native pool end', { skip: !fs.existsSync('/proc/self/task') }, async () => {
  const threads = await runProgram(async () => {
    const { readdirSync } = require('node:fs');
    const { WorkerPool } = require('async-hooks-rs');
    const { collectWithOthers } = require('./__test__/helpers/gc.js');
    const count = () => readdirSync('/proc/self/task').length;
    const before = count();
    await (async () => {
      const pool = new WorkerPool(8, { native: 'add' });
      await pool.run({ a: 1, b: 2 });
    })();
    const during = count();
    await collectWithOthers(() => count() <= before);
    return { started: during - before >= 8, left: Math.max(count() - before, 0) };
  });
  assert.deepEqual(threads, { started: true, left: 0 });
});

test('a pool with outstanding tasks is kept, and reports their outcomes', async () => {
  const results = await runProgram(async () => {
    const { WorkerPool } = require('async-hooks-rs');
    const { gc } = require('./__test__/helpers/gc.js');
    const { Gate, gateFile } = require('./__test__/helpers/pool-gate.js');
    const gate = new Gate();
    const ends = (() => {
      const pool = new WorkerPool(1, gateFile, { workerData: gate.workerData });
      return [pool.run({ hold: 1, value: 'held' }), pool.run({ value: 'waiting' })];
    })();
    await gate.reached(1);
    for (let i = 0; i < 5; i++) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    gate.open();
    return Promise.all(ends);
  });
  assert.deepEqual(results, ['held', 'waiting']);
});

test('the async resource of a dropped pool is destroyed', async () => {
  const destroyed = await runProgram(async () => {
    const { createHook } = require('node:async_hooks');
    const { WorkerPool } = require('async-hooks-rs');
    const { collectWithOthers } = require('./__test__/helpers/gc.js');
    const destroyed = new Map();
    createHook({ destroy: (id) => destroyed.set(id, (destroyed.get(id) ?? 0) + 1) }).enable();
    const make = () => new WorkerPool(1, { native: 'add' }).asyncId;
    const dropped = make();
    const closed = await (async () => {
      const pool = new WorkerPool(1, { native: 'add' });
      await pool.close();
      return pool.asyncId;
    })();
    await collectWithOthers(() => destroyed.has(dropped));
    return [destroyed.get(dropped), destroyed.get(closed)];
  });
  assert.deepEqual(destroyed, [1, 1]);
});
