'use strict';

// The exports of a processor file, called by their names.
//
// Prints:
//   is 7919 a prime: true
//   primes below 1000: 168
//   ERR_WORKER_POOL_EXPORT_UNKNOWN

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

async function main() {
  const processor = path.join(__dirname, 'support/primes.cjs');
  const pool = new WorkerPool(2, processor);

  console.log('is 7919 a prime:', await pool.call.isPrime(7919));

  // The same with the options of a task. The default export is one, too.
  const range = { from: 0, to: 1000 };
  console.log('primes below 1000:', await pool.run(range, { export: 'default', timeout: 10_000 }));

  // The threads know what there is: the message of the error lists it.
  await pool.call.isOdd(7919).catch((err) => console.log(err.code));
  await pool.close();
}

main();
