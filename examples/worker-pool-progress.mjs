// A native processor reports how far a task is. `onProgress` hears of it in the scope in which the
// task was submitted, before the result comes.
//
// Prints:
//   request 1: 664579 primes, after progress from 0.03 to 1
//   request 2: 148933 primes, after progress from 0.13 to 1
//   request 3: AbortError after its first progress

import { AsyncLocalStorage, WorkerPool } from 'async-hooks-rs';

const requests = new AsyncLocalStorage();
const progress = new Map(); // by request
const pool = new WorkerPool(1, { native: 'primes' });

function onProgress(done) {
  const id = requests.getStore();
  progress.set(id, [...(progress.get(id) ?? []), done]);
}

async function count(limit) {
  const primes = await pool.run({ limit }, { onProgress });
  const id = requests.getStore();
  const told = progress.get(id);
  console.log(
    `request ${id}: ${primes} primes, after progress from ` +
      `${told[0].toFixed(2)} to ${told.at(-1)}`,
  );
}

await requests.run(1, count, 10_000_000);
await requests.run(2, count, 2_000_000);

// This one would take an hour. Its thread stops soon after the task is aborted.
await requests.run(3, async () => {
  const controller = new AbortController();
  const { signal } = controller;
  await pool
    .run({ limit: 1e12 }, { signal, onProgress: () => controller.abort() })
    .catch(({ name }) => console.log(`request 3: ${name} after its first progress`));
});
await pool.close();
