'use strict';

// `node sync.js [<rounds>]`: what a tiny task costs whose result the calling thread waits for: with
// `runSync()`, and with the packages synckit and make-synchronous, each with one thread. Each
// contender has a process of its own in each round, and the order changes. Prints the medians of the
// rounds, in microseconds per task, and of the quotients of the same round with their quartiles.

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { median, quantile } = require('../quotients.js');

const WARM_UP_MS = 300;
const MEASURED_MS = 300;
const ROUNDS = 9;

const job = path.join(__dirname, 'jobs/add.js');

const contenders = {
  ours() {
    const { PACKAGE } = require('../contender.js');
    const { WorkerPool } = require(PACKAGE);
    const pool = new WorkerPool(1, job);
    return (task) => pool.runSync(task);
  },

  synckit() {
    const { createSyncFn } = require('synckit');
    return createSyncFn(path.join(__dirname, 'workers/synckit.js'));
  },

  async 'make-synchronous'() {
    const { default: makeSynchronous } = await import('make-synchronous');
    return makeSynchronous(async ({ a, b }) => a + b);
  },
};

/** Microseconds per call, one after the other. */
function measure(call, milliseconds) {
  const begin = performance.now();
  let count = 0;
  let now = begin;
  for (; now < begin + milliseconds; now = performance.now()) {
    const result = call({ a: count, b: 1 });
    if (result !== ++count) throw new Error(`a wrong result: ${result}`);
  }
  return ((now - begin) * 1e3) / count;
}

async function child(name) {
  const call = await contenders[name]();
  measure(call, WARM_UP_MS);
  console.log(measure(call, MEASURED_MS));
  process.exit(); // the threads of the others may keep the process
}

function main(rounds) {
  const names = Object.keys(contenders);
  const costs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      const printed = execFileSync(process.execPath, [__filename, '--only', name]);
      costs[name].push(Number(printed));
    }
  }
  console.log(process.version);
  for (const name of names) {
    const quotients = costs[name].map((cost, round) => cost / costs.ours[round]);
    const parts = [0.5, 0.25, 0.75].map((part) => quantile(quotients, part).toFixed(2));
    const [middle, q1, q3] = parts;
    console.log(
      `${name}: ${median(costs[name]).toFixed(2)} us, ${middle} (${q1} to ${q3}) of ours`,
    );
  }
}

const [first, name] = process.argv.slice(2);
if (first === '--only') {
  child(name).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  main(Number(first ?? ROUNDS));
}
