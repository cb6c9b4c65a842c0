'use strict';

// `async-hooks-rs/worker-pool`: the class itself, in place of the documentation's worker_pool.js.

const { WorkerPool } = require('./lib/worker-pool.js');

module.exports = WorkerPool;
module.exports.WorkerPool = WorkerPool;
module.exports.default = WorkerPool;
