'use strict';

// A limiter that is given a function of the module and its arguments: only the promise that the
// request awaits belongs to it.
// expect: foreign possible share
// options: --possible

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const queue = [];
let active = 0;

function next() {
  active--;
  start();
}

async function runJob(job) {
  const result = job.task(...job.args);
  job.resolve(result);
  await result;
  next();
}

function start() {
  if (active >= 1 || queue.length === 0) return;
  active++;
  runJob(queue.shift());
}

function limit(task, ...args) {
  return new Promise((resolve) => {
    queue.push({ task, args, resolve });
    start();
  });
}

async function load(id) {
  await sleep(1);
  reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  return id;
}

async function handle(id) {
  await limit(load, id);
}

Promise.all([1, 2, 3, 4].map((id) => storage.run({ id }, handle, id)));
