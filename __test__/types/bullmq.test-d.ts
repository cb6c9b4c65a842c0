// The types of the subpath `async-hooks-rs/bullmq`, which need no types of BullMQ.

import { AsyncLocalStorage } from 'async-hooks-rs';
import {
  QueuePool,
  type QueuePoolErrorCode,
  type QueuePoolOptions,
  type QueuePoolTaskMessage,
} from 'async-hooks-rs/bullmq';
import { defineCarrier, storageFor } from 'async-hooks-rs/contexts';
import { type Equal, expect } from './equal.js';

const carrier = defineCarrier({
  name: 'carrier',
  capture: () => 1,
  enter: (value: number, fn) => (value > 0 ? fn() : fn()),
});
const storage: AsyncLocalStorage<string> = storageFor<string>('storage');

const options: QueuePoolOptions = {
  connection: { host: 'localhost', port: 6379, maxRetriesPerRequest: 3 },
  contexts: [storage, { storage, serialize: (store: string) => store }, carrier],
  submitTimeout: 1000,
  jobs: { attempts: 3, backoff: { type: 'exponential', delay: 10 }, removeOnFail: true },
};

const pool = new QueuePool<{ a: number }, string>('queue', options);
new QueuePool('queue', { connection: 'redis://localhost' });

const result = pool.run({ a: 1 }, { timeout: 1, priority: 1, signal: AbortSignal.abort() });
expect<Equal<typeof result, Promise<string>>>(true);
pool.runTask({ a: 1 }, (err, value) => {
  expect<Equal<typeof value, string>>(true);
  void err?.code;
});
pool.on('error', (err) => expect<Equal<typeof err, Error>>(true));
pool.once('drain', () => {});

const counts: number[] = [pool.queueSize, pool.running, pool.completed, pool.failed];
const code: QueuePoolErrorCode = 'ERR_QUEUE_POOL_LOST';
const name: string = pool.name;
void [counts, code, name];

const message = {} as QueuePoolTaskMessage;
expect<Equal<typeof message.duration, number | undefined>>(true);
const published: string = message.pool.name;
void published;
// @ts-expect-error read-only
message.error = undefined;

// @ts-expect-error the task is of another type
pool.run({ a: '1' });
// @ts-expect-error nothing can be moved to another process
pool.run({ a: 1 }, { transferList: [] });
// @ts-expect-error a name is needed
new QueuePool();
// @ts-expect-error no such code
const unknown: QueuePoolErrorCode = 'ERR_QUEUE_POOL_NONE';
void unknown;
