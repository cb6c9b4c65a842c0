import { expect, test } from 'vitest';
import { AsyncLocalStorage, WorkerPool } from 'async-hooks-rs';

test('a store stays with what run() starts', async () => {
  const storage = new AsyncLocalStorage();
  const later = storage.run(1, async () => {
    await null;
    return storage.getStore();
  });
  expect(await later).toBe(1);
});

test('a pool runs its tasks', async () => {
  const pool = new WorkerPool(1, new URL('./processor.mjs', import.meta.url).href);
  expect(await pool.run({ a: 42, b: 100 })).toBe(142);
  await pool.close();
});

test('a pool runs a processor in TypeScript with a loader of its own', async () => {
  const options = { execArgv: ['--import', 'tsx'] };
  const pool = new WorkerPool(1, new URL('./typed.ts', import.meta.url).href, options);
  expect(await pool.run('Green')).toBe(2);
  await pool.close();
});
