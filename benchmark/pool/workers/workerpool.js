'use strict';

const workerpool = require('workerpool');

workerpool.worker({ run: require(process.env.POOL_BENCHMARK_JOB) });
