// The types of `async-hooks-rs/metrics`.

import { WorkerPool } from 'async-hooks-rs';
import { type QueuePool } from 'async-hooks-rs/bullmq';
import { instrument, prometheus, type InstrumentOptions } from 'async-hooks-rs/metrics';
import { type Equal, expect } from './equal.js';

declare const pool: WorkerPool<string, number>;
declare const queuePool: QueuePool<string, number>;

expect<Equal<ReturnType<typeof prometheus>, string>>(true);
prometheus(pool);
prometheus({ sums: pool, others: new WorkerPool(), far: queuePool });
prometheus(queuePool);
// @ts-expect-error no pool
prometheus('sums');

const options: InstrumentOptions = {
  name: 'sums',
  tracer: { startSpan: (name: string) => ({ name }) },
};
expect<Equal<ReturnType<typeof instrument>, () => void>>(true);
instrument(pool, options)();
instrument(queuePool, options)();
// @ts-expect-error no name
instrument(pool, { ...options, name: 5 });
// @ts-expect-error nothing to tell it
instrument(pool);
