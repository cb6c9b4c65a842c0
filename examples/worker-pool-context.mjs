// The callback of a task runs in the scope in which the task was submitted, also if the task had to
// wait for a thread, and also if it fails.
//
// Prints:
//   request 0: null 142
//   request 1: null 143
//   request 2: ERR_WORKER_POOL_NATIVE_TASK null
//   request 3: 145

import { AsyncLocalStorage, WorkerPool } from 'async-hooks-rs';

const requests = new AsyncLocalStorage();
const pool = new WorkerPool(1); // one thread, so that tasks end in order

function log(...words) {
  console.log(`request ${requests.getStore()}:`, ...words);
}

for (let id = 0; id < 2; id++) {
  requests.run(id, () => {
    pool.runTask({ a: 42, b: 100 + id }, (err, result) => log(err, result));
  });
}
requests.run(2, () => {
  // This one cannot be added: the error is passed to the callback.
  pool.runTask({ a: 42, b: 'a text' }, (err, result) => log(err.code, result));
});
requests.run(3, async () => {
  log(await pool.run({ a: 42, b: 103 }));
  await pool.close();
});
