// p-limit: more tasks than may run at once. The task that ends starts the next one.

import { AsyncResource } from 'node:async_hooks';
import pLimit, { limitFunction } from 'p-limit';
import { barrier, print, see, wave, waves } from '../helpers/requests.js';

const CONCURRENCY = 3;
const limit = pLimit(CONCURRENCY);

const all = barrier();
await waves('task', async (id) => {
  await all();
  await limit(async () => {
    see('task, start', id);
    await new Promise((resolve) => setImmediate(resolve));
    see('task, after await', id);
  });
  see('after await of a task', id);
});

await waves('fail', async (id) => {
  await limit(() => Promise.reject(new Error(id))).catch(({ message }) => {
    see('catch() of a task that fails', message);
  });
});

await wave('map', (id) =>
  limit.map([1, 2, 3], async () => {
    see('task of map()', id);
    await null;
  }),
);

const limited = limitFunction(async (id) => see('limitFunction()', id), { concurrency: 1 });
await wave('function', limited);

// The tasks that wait are started by whoever raises the limit.
const raised = pLimit(1);
await wave('raise', async (id) => {
  const task = raised(async () => see('task, after the limit was raised', id));
  await all();
  raised.concurrency = CONCURRENCY;
  await task;
});

await wave('bound', (id) => limit(AsyncResource.bind(() => see('task, bound', id))));

print();
