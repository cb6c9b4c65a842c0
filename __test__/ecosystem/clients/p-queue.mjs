// p-queue: more tasks than may run at once, by concurrency and by interval. The task that ends, or
// the timer, starts the next one.

import { AsyncResource } from 'node:async_hooks';
import PQueue from 'p-queue';
import { barrier, inRequest, print, see, wave, waves } from '../helpers/requests.js';

const CONCURRENCY = 3;
const queue = new PQueue({ concurrency: CONCURRENCY });

const all = barrier();
await waves('task', async (id) => {
  await all();
  await queue.add(async () => {
    see('task, start', id);
    await new Promise((resolve) => setImmediate(resolve));
    see('task, after await', id);
  });
  see('after await of add()', id);
});

await waves('bound', async (id) => {
  await all();
  await queue.add(
    AsyncResource.bind(async () => {
      see('task, bound, start', id);
      await null;
      see('task, bound, after await', id);
    }),
  );
});

await wave('priority', async (id) => {
  const priority = Number(id.split('.').pop()) % 2;
  await all();
  await queue.add(async () => see('task with a priority', id), { priority });
});

await waves('fail', async (id) => {
  await queue
    .add(() => Promise.reject(new Error(id)))
    .catch(({ message }) => {
      see('catch() of a task that fails', message);
    });
});

// One request waits for all others, and one starts the queue again.
queue.pause();
await wave('idle', async (id) => {
  const task = queue.add(async () => see('task, after pause() and start()', id));
  await all();
  queue.start();
  await task;
  await queue.onIdle();
  see('after await of onIdle()', id);
});

queue.on('completed', (id) => see("listener of 'completed', added in no scope", id));
await wave('completed', (id) => queue.add(async () => id));
queue.removeAllListeners();

await inRequest('listener', async (id) => {
  queue.on('active', () => see("listener of 'active', added by a request", id));
});
await wave('active', () => queue.add(async () => {}));
queue.removeAllListeners();

const paced = new PQueue({ interval: 5, intervalCap: 5 });
await wave('interval', async (id) => {
  await all();
  await paced.add(async () => see('task of a queue with an interval', id));
});

await wave('timeout', async (id) => {
  const never = () => new Promise(() => {});
  await paced.add(never, { timeout: 1 }).catch(() => see('after the timeout of a task', id));
});

await wave('abort', async (id) => {
  const controller = new AbortController();
  const task = queue.add(() => new Promise(() => {}), { signal: controller.signal });
  controller.signal.addEventListener('abort', () => see("listener of 'abort'", id));
  setImmediate(() => controller.abort());
  await task.catch(() => see('after a task was aborted', id));
});

print();
