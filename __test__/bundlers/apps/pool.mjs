// Both kinds of processors; prints two sums, or why there is no pool.

import { WorkerPool } from 'async-hooks-rs';

async function sum(...processor) {
  const pool = new WorkerPool(1, ...processor);
  const result = await pool.run({ a: 42, b: 100 });
  await pool.close();
  return result;
}

Promise.all([sum(), sum('./processor.mjs')]).then(
  (sums) => console.log(JSON.stringify(sums)),
  ({ code, message }) => console.log(JSON.stringify([code, message])),
);
