'use strict';

// `async-hooks-rs/worker-pool`: the class itself, in place of the documentation's worker_pool.js.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { WorkerPool } = part('worker-pool');

module.exports = WorkerPool;
module.exports.WorkerPool = WorkerPool;
module.exports.move = WorkerPool.move;
module.exports.taskInfo = WorkerPool.taskInfo;
module.exports.default = WorkerPool;
