'use strict';

// A task for each value of an async source. The source gives no more than the results that are
// taken make room for, and is closed when the consumer stops.
//
// Prints:
//   2, 3, 5, 7, 11, 13, 17, 19
//   closed: true, ahead of the results: at most 4

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

let given = 0;
let closed = false;

async function* numbers() {
  try {
    for (let number = 1; ; number++) {
      given++;
      yield number;
    }
  } finally {
    closed = true;
  }
}

async function main() {
  const pool = new WorkerPool(2, path.join(__dirname, 'support/primes.cjs'));
  const primes = [];
  let number = 0;
  let ahead = 0;
  for await (const isPrime of pool.map(numbers(), { export: 'isPrime', concurrency: 4 })) {
    number++;
    if (isPrime) primes.push(number);
    ahead = Math.max(ahead, given - number);
    if (primes.length === 8) break;
  }
  console.log(primes.join(', '));
  console.log(`closed: ${closed}, ahead of the results: at most ${ahead}`);
  await pool.close();
}

main();
