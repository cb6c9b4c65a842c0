'use strict';

// `async-hooks-rs/worker-pool`: the class itself, in place of the documentation's worker_pool.js.

const { WorkerPool } = require('./dist/index')('worker-pool');

module.exports = WorkerPool;
module.exports.WorkerPool = WorkerPool;
module.exports.default = WorkerPool;
