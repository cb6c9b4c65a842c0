'use strict';

// A limiter, a dispatcher and a scheduler that run each function in a snapshot.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function limiter() {
  const queue = [];
  let active = false;
  const next = () => {
    const job = queue.shift();
    active = job !== undefined;
    if (active) job.inContext(() => job.task().then(job.resolve).then(next));
  };
  return (task) =>
    new Promise((resolve) => {
      queue.push({ task, resolve, inContext: AsyncLocalStorage.snapshot() });
      if (!active) next();
    });
}

const limit = limiter();
const subscriptions = [];
const subscribe = (subscription) =>
  subscriptions.push([AsyncLocalStorage.snapshot(), subscription]);

async function handle(id) {
  subscribe(() => read(id));
  await limit(async () => {
    read(id);
    await sleep(1);
    read(id);
  });
  read(id);
}

Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id))).then(() => {
  const publish = () => {
    for (const [inContext, subscription] of subscriptions) inContext(subscription, 'message');
  };
  publish();
  storage.run({ id: 4 }, publish);
  setTimeout(publish, 1);
});
