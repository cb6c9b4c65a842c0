'use strict';

// Two ways to keep the queue short: to refuse tasks when it is full, as a server would, or to wait,
// as a producer can.
//
// Prints:
//   done: 6, refused: 14, with ERR_WORKER_POOL_QUEUE_FULL
//   refused meanwhile: 0
//   primes below 100000: 9592

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

async function main() {
  const pool = new WorkerPool(2, path.join(__dirname, 'support/primes.cjs'), { maxQueue: 4 });

  // Refuse: two tasks run, four wait, the rest fails at once.
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => pool.run({ from: 0, to: 1000 })),
  );
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  const [
    {
      reason: { code },
    },
  ] = refused;
  console.log(`done: ${20 - refused.length}, refused: ${refused.length}, with ${code}`);

  // Wait: as many loops as there may be tasks at once, which share one source. Each asks for more
  // work when its last task is done.
  function* ranges() {
    for (let from = 0; from < 100_000; from += 1000) yield { from, to: from + 1000 };
  }

  let primes = 0;
  async function consume(source) {
    for (const range of source) {
      const count = await pool.run(range);
      primes += count;
    }
  }

  const failed = pool.failed;
  const source = ranges();
  await Promise.all(Array.from({ length: 6 }, () => consume(source)));
  console.log('refused meanwhile:', pool.failed - failed);
  console.log('primes below 100000:', primes);
  await pool.close();
}

main();
