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
