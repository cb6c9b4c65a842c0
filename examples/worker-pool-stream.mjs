// A task that is a generator: its values come one by one, while it goes on. Its thread is at most
// `highWaterMark` values ahead, and the generator is ended when the consumer stops.
//
// Prints:
//   primes above a million: 1000003, 1000033, 1000037
//   the thread goes on: true

import { WorkerPool } from 'async-hooks-rs';

const pool = new WorkerPool(1, new URL('support/primes.mjs', import.meta.url));
const found = [];
const options = { export: 'primes', highWaterMark: 4 };
for await (const prime of pool.stream({ from: 1_000_000 }, options)) {
  found.push(prime);
  if (found.length === 3) break;
}
console.log('primes above a million:', found.join(', '));

console.log('the thread goes on:', await pool.call.isPrime(1_000_003));
await pool.close();
