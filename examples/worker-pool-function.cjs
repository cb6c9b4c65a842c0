'use strict';

// A pool with a processor file that exports functions, and promises in place of callbacks.
//
// Prints:
//   primes below 100000: 9592
//   is 7919 a prime: true

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

async function main() {
  const processor = path.join(__dirname, 'support/primes.cjs');

  // The default export: one task for each tenth of the numbers.
  const counting = new WorkerPool(2, processor);
  const counts = await Promise.all(
    Array.from({ length: 10 }, (_, i) => counting.run({ from: i * 10_000, to: (i + 1) * 10_000 })),
  );
  console.log(
    'primes below 100000:',
    counts.reduce((sum, count) => sum + count),
  );
  await counting.close();

  // An export by its name.
  const testing = new WorkerPool(1, processor, { name: 'isPrime' });
  console.log('is 7919 a prime:', await testing.run(7919));
  await testing.close();
}

main();
