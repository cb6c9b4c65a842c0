'use strict';

// A task that fails, in whatever way, fails alone: the others are done.
//
// Prints:
//   RangeError: Out of stock, code E_STOCK, cause sold
//   Error with the code ERR_WORKER_POOL_WORKER_EXIT, exit code 3
//   TypeError with the code ERR_WORKER_POOL_NOT_CLONEABLE, because of a DataCloneError
//   the others: 0 2 4 6

const path = require('node:path');
const { WorkerPool } = require('async-hooks-rs');

async function main() {
  const pool = new WorkerPool(2, path.join(__dirname, 'support/unreliable.cjs'));

  const outcomes = await Promise.allSettled([
    pool.run({ do: 'throw' }),
    pool.run({ do: 'double', value: 0 }),
    pool.run({ do: 'exit' }),
    pool.run({ do: 'double', value: 1 }),
    pool.run({ do: 'return a function' }),
    pool.run({ do: 'double', value: 2 }),
    pool.run({ do: 'double', value: 3 }),
  ]);
  const [thrown, exited, unclonable] = outcomes
    .filter(({ status }) => status === 'rejected')
    .map(({ reason }) => reason);
  const others = outcomes.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);

  // What a processor throws keeps its class, and what was put on it.
  const { message, code, cause } = thrown;
  console.log(`${thrown.constructor.name}: ${message}, code ${code}, cause ${cause}`);
  console.log(`${exited.name} with the code ${exited.code}, exit code ${exited.exitCode}`);
  console.log(
    `${unclonable.name} with the code ${unclonable.code}, because of a ` +
      `${unclonable.cause.name}`,
  );
  console.log('the others:', ...others);
  await pool.close();
}

main();
