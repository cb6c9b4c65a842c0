// A pool with a processor file of the documentation's form: it listens to `parentPort` and posts
// its result. The same file works in a Worker without a pool.
//
// Prints:
//   null 142
//   the pool is closed

import { WorkerPool } from 'async-hooks-rs';

const pool = new WorkerPool(2, new URL('support/task-processor.mjs', import.meta.url));

pool.runTask({ a: 42, b: 100 }, async (err, result) => {
  console.log(err, result);
  await pool.close();
  console.log('the pool is closed');
});
