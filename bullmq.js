'use strict';

// `async-hooks-rs/bullmq`: a pool whose tasks run on other machines, over a queue of BullMQ.

const { QueuePool } = require('./dist/index')('queue-pool');

module.exports.QueuePool = QueuePool;
