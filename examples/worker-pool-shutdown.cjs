'use strict';

// A service that is asked to stop: it takes no further tasks, finishes those that it has, and ends
// by itself. Whoever asks a second time has it end at once.
//
// Prints:
//   SIGTERM: no further tasks
//   ERR_WORKER_POOL_CLOSED
//   primes below 100000: 9592
//   done: 10, threads: 0

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

const pool = new WorkerPool(2, path.join(__dirname, 'support/primes.cjs'));

process.once('SIGTERM', async (signal) => {
  console.log(`${signal}: no further tasks`);
  process.once(signal, () => pool.close()); // the second time: at once
  const closed = pool.close({ drain: true, timeout: 10_000 });
  await pool.run({ from: 0, to: 10 }).catch(({ code }) => console.log(code));
  await closed;
  console.log(`done: ${pool.completed}, threads: ${pool.numThreads}`);
});

async function main() {
  const ranges = Array.from({ length: 10 }, (_, i) => ({ from: i * 10_000, to: (i + 1) * 10_000 }));
  const counts = Promise.all(ranges.map((range) => pool.run(range)));
  process.emit('SIGTERM', 'SIGTERM'); // in place of `kill <pid>`, which Windows does not have
  const primes = (await counts).reduce((sum, count) => sum + count, 0);
  console.log('primes below 100000:', primes);
}

main();
