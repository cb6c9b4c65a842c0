'use strict';

// The process of one contender in one case: `child.js <case> <contender> <threads>`. The parent
// asks through the IPC channel, each request gets one answer.

const { cases } = require('./cases.js');
const { create } = require('./contenders.js');
const { outcomes, submit, submitAll } = require('./submit.js');

const [caseName, contenderName, threads] = process.argv.slice(2);
const subject = cases.find(({ name }) => name === caseName);
const tasks = Array.from({ length: subject.burst }, (_, i) => subject.task(i));

const SLICE_MS = 30;
// By then the optimizing compilers of all threads have finished with the code of a task.
const WARM_UP_MS = 300;

let pool;
const tripTimes = []; // microseconds

function check(value, task) {
  if (!subject.check(value, task)) throw new Error(`a wrong result: ${value}`);
}

/** Bursts for the time of a slice: microseconds of one task, by the clock and of processor time. */
async function bursts() {
  let elapsed = 0;
  let cpu = 0;
  let count = 0;
  while (elapsed < SLICE_MS) {
    const cpuBegin = process.cpuUsage();
    const begin = performance.now();
    const results = await submitAll(pool, tasks);
    elapsed += performance.now() - begin;
    const { user, system } = process.cpuUsage(cpuBegin);
    cpu += user + system;
    count += tasks.length;
    for (let i = 0; i < tasks.length; i++) check(results[i], tasks[i]);
  }
  return { burst: (elapsed * 1e3) / count, cpu: cpu / count };
}

/** One task at a time, for the time of a slice. */
async function trips() {
  const end = performance.now() + SLICE_MS;
  for (let i = 0; performance.now() < end; i = (i + 1) % tasks.length) {
    const begin = performance.now();
    const value = await submit(pool, tasks[i]);
    tripTimes.push((performance.now() - begin) * 1e3);
    check(value, tasks[i]);
  }
}

async function slice() {
  const costs = await bursts();
  await trips();
  return costs;
}

const answers = {
  async warmUp() {
    pool = await create(contenderName, subject.job, Number(threads));
    if (subject.fails) pool = outcomes(pool);
    const end = performance.now() + WARM_UP_MS;
    do await slice();
    while (performance.now() < end);
    tripTimes.length = 0;
  },

  slice,

  /** Percentiles of all single tasks so far, and the resident megabytes of the process. */
  async trips() {
    const sorted = Float64Array.from(tripTimes).sort();
    const part = (share) => sorted[Math.floor((sorted.length - 1) * share)];
    return { p50: part(0.5), p99: part(0.99), rss: process.memoryUsage.rss() / 2 ** 20 };
  },
};

process.on('message', (request) => {
  answers[request]().then(
    (value) => process.send({ value }),
    (error) => process.send({ error: error.stack }),
  );
});
