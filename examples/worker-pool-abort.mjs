// An AbortSignal ends a task, be it waiting or running, and so does a timeout, which counts from
// the start of the task. A thread that is stopped for it is replaced.
//
// Prints:
//   running: AbortError ABORT_ERR, because: the client went away
//   waiting: AbortError ABORT_ERR, because: the client went away
//   too long: TimeoutError ERR_WORKER_POOL_TASK_TIMEOUT
//   next: 42

import { once } from 'node:events';
import { WorkerPool } from 'async-hooks-rs';

const pool = new WorkerPool(1, new URL('support/unreliable.mjs', import.meta.url));

// One signal may be shared by any number of tasks.
const controller = new AbortController();
const { signal } = controller;
const tasks = Promise.allSettled([
  pool.run({ do: 'never end' }, { signal }),
  pool.run({ do: 'double', value: 1 }, { signal }),
]);
await once(pool, 'message'); // The processor says that the first task has begun.
controller.abort('the client went away');
const [running, waiting] = (await tasks).map(({ reason }) => reason);
console.log(`running: ${running.name} ${running.code}, because: ${running.cause}`);
console.log(`waiting: ${waiting.name} ${waiting.code}, because: ${waiting.cause}`);

await pool.run({ do: 'never end' }, { timeout: 50 }).catch((err) => {
  console.log(`too long: ${err.name} ${err.code}`);
});

console.log('next:', await pool.run({ do: 'double', value: 21 }));
await pool.close();
