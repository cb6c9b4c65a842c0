'use strict';

// `node --expose-gc memory.js <case> <contender> <threads>` prints the resident megabytes of a pool
// all of whose threads have run a task and are idle, of the same pool with tasks that wait, and
// again after these have ended.

const { setTimeout: sleep } = require('node:timers/promises');
const { cases } = require('./cases.js');
const { create } = require('./contenders.js');

const [caseName, contender, count] = process.argv.slice(2);
const subject = cases.find(({ name }) => name === caseName);
const threads = Number(count);

// Until V8 has given back what it collected, and the system has counted it.
const REST_MS = 500;

function megabytes() {
  return process.memoryUsage.rss() / 2 ** 20;
}

async function atRest() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(REST_MS);
  }
  return megabytes();
}

/** Holds all threads of the pool. Resolves to what lets them go, once each has begun its task. */
async function hold(pool) {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const tasks = Array.from({ length: threads }, () => pool.run({ gate }));
  for (let met = 0; met < threads; met = Atomics.load(gate, 0)) {
    await Atomics.waitAsync(gate, 0, met).value;
  }
  return () => {
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    return Promise.all(tasks);
  };
}

/** Submits the tasks of the case. Resolves when all have ended. */
function submitMany(pool) {
  return new Promise((resolve, reject) => {
    let left = subject.burst;
    const ended = () => {
      if (--left === 0) resolve();
    };
    for (let i = 0; i < subject.burst; i++) pool.run(subject.task(i)).then(ended, reject);
  });
}

async function main() {
  const pool = await create(contender, subject.job, threads);
  await (await hold(pool))();
  const idle = await atRest();
  const release = await hold(pool);
  const many = submitMany(pool);
  const waiting = megabytes();
  await release();
  await many;
  const after = await atRest();
  console.log(JSON.stringify({ idle, waiting, after }));
  await pool.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
