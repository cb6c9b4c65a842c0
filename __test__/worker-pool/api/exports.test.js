'use strict';

// The ways to import the class: from the package and from its own path, by require() and import;
// and the usage example of the documentation with only its import changed.

const test = require('node:test');
const assert = require('node:assert/strict');
const asyncHooksRs = require('../../../index.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runScript } = require('../../helpers/script.js');

const poolTest = poolSuite();

test('WorkerPool is a property of the package', () => {
  assert.ok(Object.keys(asyncHooksRs).includes('WorkerPool'));
  const { WorkerPool } = asyncHooksRs;
  const { value, ...rest } = Object.getOwnPropertyDescriptor(asyncHooksRs, 'WorkerPool');
  assert.equal(value, WorkerPool);
  assert.equal(value.name, 'WorkerPool');
  assert.deepEqual(rest, { writable: true, enumerable: true, configurable: true });
});

test('the property can be replaced before it was read', async () => {
  assert.deepEqual(
    await printed(`
    const asyncHooksRs = require('async-hooks-rs');
    asyncHooksRs.WorkerPool = 'stub';
    console.log(asyncHooksRs.WorkerPool, require('async-hooks-rs/worker-pool').name);
  `),
    ['stub WorkerPool'],
  );
});

test('async-hooks-rs/worker-pool is the class, and has the class as a property', () => {
  const WorkerPool = require('async-hooks-rs/worker-pool');
  assert.equal(WorkerPool, asyncHooksRs.WorkerPool);
  assert.equal(WorkerPool.WorkerPool, WorkerPool);
});

/** The output of a program, as an ES module or as CommonJS. */
async function printed(source, module) {
  const args = module ? ['--input-type=module'] : [];
  const { code, signal, stdout, stderr } = await runScript(source, { args });
  assert.deepEqual([code, signal, stderr], [0, null, '']);
  return stdout.trim().split('\n');
}

test('import of the default and by name gives the class, from both entries', async () => {
  assert.deepEqual(
    await printed(
      `
    import WorkerPool, { WorkerPool as named, move, taskInfo } from 'async-hooks-rs/worker-pool';
    import { WorkerPool as ofPackage } from 'async-hooks-rs';
    import asyncHooksRs from 'async-hooks-rs';
    const all = new Set([WorkerPool, named, ofPackage, asyncHooksRs.WorkerPool]);
    console.log(all.size, typeof WorkerPool, WorkerPool.name);
    console.log(move === WorkerPool.move, taskInfo === WorkerPool.taskInfo);
  `,
      true,
    ),
    ['1 function WorkerPool', 'true true'],
  );
});

test('require() gives the class, from both entries', async () => {
  assert.deepEqual(
    await printed(`
    const WorkerPool = require('async-hooks-rs/worker-pool');
    console.log(WorkerPool === require('async-hooks-rs').WorkerPool);
  `),
    ['true'],
  );
});

const example = `
  const pool = new WorkerPool(os.availableParallelism());

  let finished = 0;
  for (let i = 0; i < 10; i++) {
    pool.runTask({ a: 42, b: 100 }, (err, result) => {
      console.log(i, err, result);
      if (++finished === 10)
        pool.close();
    });
  }
`;
const lines = Array.from({ length: 10 }, (_, i) => `${i} null 142`);

poolTest('the example of the documentation runs as an ES module', async () => {
  assert.deepEqual(
    (
      await printed(
        `
    import WorkerPool from 'async-hooks-rs/worker-pool';
    import os from 'node:os';
    ${example}
  `,
        true,
      )
    ).sort(),
    lines,
  );
});

poolTest('the example of the documentation runs as CommonJS', async () => {
  assert.deepEqual(
    (
      await printed(`
    const WorkerPool = require('async-hooks-rs/worker-pool');
    const os = require('node:os');
    ${example}
  `)
    ).sort(),
    lines,
  );
});
