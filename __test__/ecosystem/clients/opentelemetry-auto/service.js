'use strict';

// The service: Express, a WorkerPool, a QueuePool with a server in a process of its own, and Redis.
// It has spans of its own, and loads nothing of OpenTelemetry but its API.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const express = require('express');
const { Redis } = require('ioredis');
const { openTelemetry } = require('../opentelemetry-threads/carrier.js');
const { WorkerPool } = require('../../../../index.js');
const { QueuePool } = require('../../../../bullmq.js');
const { REQUEST_ID } = require('../../helpers/load.js');
const { inSpan } = require('./spans.js');

const { REDIS_PORT, REDIS_DB } = process.env;
const REDIS = `redis://127.0.0.1:${REDIS_PORT}/${REDIS_DB}`;
const QUEUE = 'opentelemetry-auto';
const COMMAND = path.resolve(__dirname, '../../../../bin/async-hooks-rs.js');

const file = (name) => path.join(__dirname, name);

const redis = new Redis(REDIS);
const pool = new WorkerPool(1, file('pool.js'), { contexts: [openTelemetry] });
const queue = new QueuePool(QUEUE, { connection: REDIS, contexts: [openTelemetry] });

/** `async-hooks-rs work`, instrumented as this process is. */
function startServer() {
  const args = ['work', QUEUE, file('queue.js'), '--redis', REDIS, '--threads', '1'];
  const contexts = ['--contexts', file('contexts.js')];
  return spawn(process.execPath, [...process.execArgv, COMMAND, ...args, ...contexts], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const app = express();

app.get('/orders', async (req, res) => {
  const id = req.headers[REQUEST_ID];
  await redis.set(id, `order ${id}`);
  const answers = await inSpan('handler', id, async () => {
    await redis.get(id);
    const { port } = app.listening.address();
    const tasks = await Promise.all([pool.run({ id, port }), queue.run({ id, port })]);
    await inSpan('after the tasks', id);
    return [id, ...tasks];
  });
  res.json(answers);
});

app.get(['/pool', '/queue'], (req, res) => res.send(req.headers[REQUEST_ID]));

async function main() {
  const server = startServer();
  app.listening = app.listen(0, '127.0.0.1');
  await once(app.listening, 'listening');
  process.send({ port: app.listening.address().port });
  await once(process, 'message');
  server.kill('SIGTERM');
  await once(server, 'exit');
  await Promise.all([pool.close(), queue.close()]);
  redis.disconnect();
  process.disconnect();
  app.listening.close();
  app.listening.closeAllConnections();
}

main();
