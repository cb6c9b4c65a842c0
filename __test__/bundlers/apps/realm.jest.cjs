'use strict';

const path = require('node:path');
const { AsyncLocalStorage, WorkerPool } = require('async-hooks-rs');
const { expect, test } = require('@jest/globals');

test('a store stays with what run() starts', async () => {
  const storage = new AsyncLocalStorage();
  const later = storage.run(1, async () => {
    await null;
    return storage.getStore();
  });
  expect(await later).toBe(1);
});

test('a pool runs its tasks', async () => {
  const pool = new WorkerPool(1, path.join(__dirname, 'processor.mjs'));
  expect(await pool.run({ a: 42, b: 100 })).toBe(142);
  await pool.close();
});

test('a pool runs a processor in TypeScript with a loader of its own', async () => {
  const options = { execArgv: ['--import', 'tsx'] };
  const pool = new WorkerPool(1, path.join(__dirname, 'typed.ts'), options);
  expect(await pool.run('Green')).toBe(2);
  await pool.close();
});
