'use strict';

const { ThreadWorker } = require('poolifier');

module.exports = new ThreadWorker(require(process.env.POOL_BENCHMARK_JOB));
