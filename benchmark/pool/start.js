'use strict';

// `node start.js <case> <contender> <threads>` loads a pool's package, makes a pool, waits for one
// result, prints how many milliseconds that took, and closes the pool.

const { cases } = require('./cases.js');
const { create } = require('./contenders.js');
const { submit } = require('./submit.js');

const [caseName, contender, threads] = process.argv.slice(2);
const subject = cases.find(({ name }) => name === caseName);
const task = subject.task(0);

async function main() {
  const begin = performance.now();
  const pool = await create(contender, subject.job, Number(threads));
  const result = await submit(pool, task);
  const first = performance.now() - begin;
  if (!subject.check(result, task)) throw new Error(`a wrong result: ${result}`);
  console.log(JSON.stringify({ first }));
  await pool.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
