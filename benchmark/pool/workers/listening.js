'use strict';

// The task processor of Node's documentation, for any of the jobs.

const { parentPort } = require('node:worker_threads');
const run = require(process.env.POOL_BENCHMARK_JOB);

parentPort.on('message', (task) => {
  parentPort.postMessage(run(task));
});
