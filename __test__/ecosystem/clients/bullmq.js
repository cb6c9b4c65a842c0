'use strict';

// bullmq: who adds a job and waits for it stays in its scope; its handler runs in that in which the
// worker was made, and enters one of its own, from what the job carries.

const { FlowProducer, Queue, QueueEvents, UnrecoverableError, Worker } = require('bullmq');
const { REQUESTS, inRequest, print, see, trace, wave, waves } = require('../helpers/requests.js');

const { REDIS_PORT, REDIS_DB } = process.env;
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT), db: Number(REDIS_DB) };
const CONCURRENCY = 8;

const tick = () => new Promise((resolve) => setImmediate(resolve));

function startWorker(name, handler, options) {
  return new Worker(name, handler, { connection, ...options });
}

function seeEvents(worker) {
  for (const event of ['active', 'completed', 'progress', 'failed']) {
    worker.on(event, ({ data: { id } }) => see(`'${event}' of a worker`, id));
  }
}

async function withQueue(name, use) {
  const queue = new Queue(name, { connection }).setMaxListeners(Infinity);
  // From the beginning: those of the first jobs could come before it listens.
  const events = new QueueEvents(name, { connection, lastEventId: '0' });
  await events.waitUntilReady();
  const finish = async (id, options) => {
    const job = await queue.add('job', { id }, { jobId: id, ...options });
    return job.waitUntilFinished(events);
  };
  await use({ queue, events, finish });
  await Promise.all([queue.close(), events.close()]);
}

async function handle(job) {
  const { id } = job.data;
  see('handler, before its run()', id);
  return inRequest(id, async () => {
    await tick();
    see('handler, in its run()', id);
    await job.updateProgress(50);
    await job.log(id);
    see('handler, after await of Redis', id);
    if (id.startsWith('fail')) throw new UnrecoverableError(id);
    if (id.startsWith('retry') && job.attemptsMade === 0) throw new Error(id);
    return id;
  });
}

async function jobs() {
  const worker = startWorker('jobs', handle, { concurrency: CONCURRENCY });
  seeEvents(worker);
  await withQueue('jobs', async ({ queue, events, finish }) => {
    for (const event of ['waiting', 'active', 'progress', 'completed', 'failed']) {
      events.on(event, ({ jobId }) => {
        if (jobId.startsWith('job')) see(`'${event}' of the queue`, jobId);
      });
    }
    await waves('job', async (id) => {
      const job = await queue.add('job', { id }, { jobId: id });
      see('await add()', id);
      see('await waitUntilFinished()', await job.waitUntilFinished(events));
      see('await of its state', (await job.getState()) === 'completed' && id);
    });
    await wave('bulk', async (id) => {
      const [job] = await queue.addBulk([{ name: 'job', data: { id }, opts: { jobId: id } }]);
      see('await addBulk()', id);
      await job.waitUntilFinished(events);
    });
    await wave('fail', (id) =>
      finish(id).catch(({ message }) => see('catch() of waitUntilFinished()', message)),
    );
    await wave('retry', async (id) => {
      see('await of a job that was tried twice', await finish(id, { attempts: 2 }));
    });
    await wave('delay', async (id) => {
      see('await of a delayed job', await finish(id, { delay: 5 }));
    });
    await worker.close();
  });
}

// Handlers that enter a scope with enterWith(), which nobody leaves, one job after another or many
// at once.
async function entering(concurrency) {
  const name = `enterWith, ${concurrency} at once`;
  const worker = startWorker(
    name,
    async ({ data: { id } }) => {
      see(`${name}: handler, before enterWith()`, id);
      trace.enterWith(id);
      await tick();
      see(`${name}: handler, after enterWith()`, id);
    },
    { concurrency },
  );
  worker.on('completed', ({ data: { id } }) => see(`${name}: 'completed' of the worker`, id));
  await withQueue(name, async ({ finish }) => {
    await waves(`enter${concurrency}`, (id) => finish(id));
    await worker.close();
  });
}

async function startedByRequest() {
  let worker;
  await inRequest('starter', async () => {
    worker = startWorker('started', async ({ data: { id } }) => {
      see('handler of a worker that a request has started', id);
    });
  });
  await withQueue('started', async ({ finish }) => {
    await wave('started', (id) => finish(id));
    await worker.close();
  });
}

async function flows() {
  const producer = new FlowProducer({ connection }).setMaxListeners(Infinity);
  const parents = startWorker(
    'parents',
    (job) =>
      inRequest(job.data.id, async () => {
        const values = Object.values(await job.getChildrenValues());
        for (const value of values) see('handler of a parent, with the value of a child', value);
        return job.data.id;
      }),
    { concurrency: CONCURRENCY },
  );
  const children = startWorker('children', ({ data }) => inRequest(data.id, async () => data.id), {
    concurrency: CONCURRENCY,
  });
  await withQueue('parents', async ({ events }) => {
    await wave('flow', async (id) => {
      const child = { name: 'child', queueName: 'children', data: { id } };
      const { job } = await producer.add({
        name: 'parent',
        queueName: 'parents',
        data: { id },
        children: [child, child],
      });
      see('await of a flow', await job.waitUntilFinished(events));
    });
    await Promise.all([parents.close(), children.close(), producer.close()]);
  });
}

async function main() {
  await jobs();
  await entering(1);
  await entering(REQUESTS);
  await startedByRequest();
  await flows();
  print();
}

main();
