'use strict';

// `async-hooks-rs/bullmq`: a pool whose tasks run on other machines, over a queue of BullMQ.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { QueuePool } = part('queue-pool');

module.exports.QueuePool = QueuePool;
