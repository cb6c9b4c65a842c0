'use strict';

// A server of BullMQ's own: node bullmq-worker.js <queue> <port> <processes|threads> <concurrency>

const path = require('node:path');
const { Worker } = require('../../__test__/queue/node_modules/bullmq');

const [queue, port, kind, concurrency] = process.argv.slice(2);

const worker = new Worker(queue, path.join(__dirname, 'sandboxed.cjs'), {
  connection: { host: '127.0.0.1', port: Number(port) },
  concurrency: Number(concurrency),
  useWorkerThreads: kind === 'threads',
});
worker.on('error', (error) => {
  throw error;
});
worker.waitUntilReady().then(() => console.error('serving'));
