// The types of WorkerPool: what it takes, what it gives, what it refuses.

import {
  WorkerPool,
  type AddonProcessor,
  type NativeProcessor,
  type WorkerPoolCloseOptions,
  type WorkerPoolErrorCode,
  type WorkerPoolHistogram,
  type WorkerPoolOptions,
  type WorkerPoolRank,
  type WorkerPoolTaskCallback,
  type WorkerPoolTaskError,
  type WorkerPoolSetup,
  type WorkerPoolStats,
  type WorkerPoolSyncOptions,
  type WorkerPoolTaskInfo,
  type WorkerPoolTaskMessage,
  type WorkerPoolTaskOptions,
  type WorkerPoolThreadMessage,
  type WorkerPoolTimes,
} from 'async-hooks-rs';
import { subscribe } from 'node:diagnostics_channel';
import { type Readable } from 'node:stream';
import { type EventEmitter, type EventEmitterAsyncResource } from 'node:events';
import { MessageChannel, SHARE_ENV } from 'node:worker_threads';
import { type Equal, expect } from './equal.js';

interface Sum {
  a: number;
  b: number;
}

const pool = new WorkerPool<Sum, number>(2);
const untyped = new WorkerPool();

// Functions.
const doubling = new WorkerPool(2, (task: number) => task * 2);
expect<Equal<ReturnType<typeof doubling.run>, Promise<number>>>(true);
const later = new WorkerPool(2, async ({ a, b }: Sum, { signal }) => `${a}${b}${signal.aborted}`);
expect<Equal<Parameters<typeof later.run>[0], Sum>>(true);
expect<Equal<ReturnType<typeof later.run>, Promise<string>>>(true);
new WorkerPool<Sum, number>(2, ({ a, b }) => a + b);
// @ts-expect-error its export has no other name
new WorkerPool(2, (task: number) => task, { name: 'other' });

// Construction.
new WorkerPool(undefined, undefined, undefined);
new WorkerPool(2, './processor.js');
new WorkerPool(2, new URL('file:///processor.js'), {});
new WorkerPool(2, { native: 'add' });
new WorkerPool(2, { native: 'primes' });
new WorkerPool<Uint8Array, Uint8Array>(2, { native: 'blake3', addon: { hash() {} } });
new WorkerPool<Sum, number>(2, './processor.js', {
  minThreads: 0,
  maxThreads: 4,
  idleTimeout: Infinity,
  maxQueue: 10,
  name: 'sum',
  asyncStackTraces: true,
  tasksPerWorker: 4,
  maxTasksPerWorker: 100,
  maxWorkerMemory: Infinity,
  isolate: false,
  stdout: 'pipe',
  stderr: 'inherit',
  nice: 19,
  runtime: 'worker_threads',
  trackUnmanagedFds: false,
  resourceLimits: { maxOldGenerationSizeMb: 64 },
  env: { LANG: 'C' },
  execArgv: ['--no-warnings'],
  argv: [1, 'two'],
  workerData: new Map(),
});
new WorkerPool(2, './processor.js', { env: SHARE_ENV, name: undefined });
new WorkerPool(2, './processor.js', { queueOrder: 'lifo' });
new WorkerPool(2, './processor.js', { queueOrder: ({ a }: Sum, { priority }) => a - priority });
const rank: WorkerPoolRank<Sum> = ({ a }, options) => {
  expect<Equal<typeof options.priority, number>>(true);
  expect<Equal<typeof options.key, string | undefined>>(true);
  return a + (options.timeout ?? 0) + (options.export === 'default' ? 0 : 1);
};
new WorkerPool<Sum, number>(2, './processor.js', { queueOrder: rank });
// @ts-expect-error no such order
new WorkerPool(2, './processor.js', { queueOrder: 'random' });
// @ts-expect-error a rank is a number
new WorkerPool(2, './processor.js', { queueOrder: () => 'first' });
expect<
  Equal<
    ConstructorParameters<typeof WorkerPool>,
    [
      numThreads?: number,
      processor?: string | URL | NativeProcessor | AddonProcessor,
      options?: WorkerPoolOptions,
    ]
  >
>(true);
new WorkerPool(2, './processor.js', { runtime: 'child_process' });
// @ts-expect-error no such runtime
new WorkerPool(2, './processor.js', { runtime: 'process' });
// @ts-expect-error a number of threads is a number
new WorkerPool('2');
// @ts-expect-error no processor
new WorkerPool(2, 5);
// @ts-expect-error no such native processor
new WorkerPool(2, { native: 'multiply' });
// @ts-expect-error the exports of an addon are an object
new WorkerPool(2, { native: 'blake3', addon: './my.node' });
// @ts-expect-error no such option
new WorkerPool(2, './processor.js', { concurrency: 2 });
// @ts-expect-error options are an object
new WorkerPool(2, './processor.js', null);
// @ts-expect-error a class
WorkerPool(2);

// runTask
pool.runTask({ a: 1, b: 2 }, (err, result) => {
  expect<Equal<typeof err, WorkerPoolTaskError | null>>(true);
  expect<Equal<typeof result, number>>(true);
  expect<Equal<NonNullable<typeof err>['code'], string | undefined>>(true);
  expect<Equal<NonNullable<typeof err>['signal'], string | undefined>>(true);
});
pool.runTask({ a: 1, b: 2 }, { timeout: 10 }, (err) => err?.exitCode);
pool.runTask({ a: 1, b: 2 }, undefined, () => {});
pool.runTask({ a: 1, b: 2 }, (err: Error | null, result: number | null) => [err, result]);
untyped.runTask(5, (_, result) => result.anything);
expect<Equal<ReturnType<typeof pool.runTask>, void>>(true);
expect<
  Equal<
    Parameters<WorkerPoolTaskCallback<string>>,
    [err: WorkerPoolTaskError | null, result: string]
  >
>(true);
// @ts-expect-error wrong task
pool.runTask({ a: 1 }, () => {});
// @ts-expect-error no callback
pool.runTask({ a: 1, b: 2 });
// @ts-expect-error wrong result
pool.runTask({ a: 1, b: 2 }, (_: Error | null, result: string) => result);
pool.runTask({ a: 1, b: 2 }, async (_, result) => result.toFixed());

// run
const promise = pool.run({ a: 1, b: 2 });
expect<Equal<typeof promise, Promise<number>>>(true);
const any = untyped.run('task');
expect<Equal<typeof any, Promise<any>>>(true);
const { port1 } = new MessageChannel();
const options: WorkerPoolTaskOptions = {
  signal: new AbortController().signal,
  timeout: 1,
  priority: -1,
  key: 'user 5',
  transferList: [new ArrayBuffer(8), port1],
};
pool.run({ a: 1, b: 2 }, options);
pool.run({ a: 1, b: 2 }, { signal: undefined, transferList: [] as const });
pool.run({ a: 1, b: 2 }, { onProgress: (done: number) => done.toFixed() });
pool.run({ a: 1, b: 2 }, { onProgress: undefined });

// runSync
const sum = pool.runSync({ a: 1, b: 2 }, { timeout: 10, attempt: 2, transferList: [] });
expect<Equal<typeof sum, number>>(true);
const anything = untyped.runSync('task');
expect<Equal<typeof anything, any>>(true);
const syncOptions: WorkerPoolSyncOptions = { export: 'other', timeout: undefined };
pool.runSync({ a: 1, b: 2 }, syncOptions);
// @ts-expect-error nobody hears it
pool.runSync({ a: 1, b: 2 }, { signal: new AbortController().signal });
// @ts-expect-error nobody hears it
pool.runSync({ a: 1, b: 2 }, { onProgress() {} });
pool.ready().then((nothing: void) => nothing);
new WorkerPool(1, 'processor.js', { abortGrace: 100 });
// @ts-expect-error no number
new WorkerPool(1, 'processor.js', { abortGrace: '1 s' });
const processor = (_: unknown, { signal, progress, id, name }: WorkerPoolTaskInfo) => {
  progress({ id, name });
  return signal.throwIfAborted();
};
processor(1, {} as WorkerPoolTaskInfo);
expect<Equal<ReturnType<typeof WorkerPool.taskInfo>, WorkerPoolTaskInfo | undefined>>(true);
const setup = ({ workerData, workerId }: WorkerPoolSetup<{ url: string }>) =>
  workerData.url + workerId.toFixed();
setup({ workerData: { url: '' }, workerId: 1 });
// @ts-expect-error wrong task
pool.run({ a: '1', b: 2 });
// @ts-expect-error no string
pool.run({ a: 1, b: 2 }, { key: 5 });
// @ts-expect-error no function
pool.run({ a: 1, b: 2 }, { onProgress: 'done' });
// @ts-expect-error no signal
pool.run({ a: 1, b: 2 }, { signal: new AbortController() });
// @ts-expect-error no such option
pool.run({ a: 1, b: 2 }, { filename: './processor.js' });
// @ts-expect-error not transferable
pool.run({ a: 1, b: 2 }, { transferList: ['text'] });

// Other threads.
expect<Equal<ReturnType<typeof pool.recycle>, Promise<void>>>(true);
expect<Equal<typeof pool.abortWaiting, (reason?: unknown) => number>>(true);
expect<Equal<typeof pool.stdout, Readable | null>>(true);
expect<Equal<typeof pool.stderr, Readable | null>>(true);
// @ts-expect-error no such place
new WorkerPool(1, 'x.js', { stdout: 'ignore' });
expect<Equal<ReturnType<typeof pool.broadcast>, Promise<void>>>(true);
pool.broadcast({ any: 1 });
// @ts-expect-error no value
pool.broadcast();

// The end of a pool.
expect<Equal<ReturnType<typeof pool.close>, Promise<void>>>(true);
const end: WorkerPoolCloseOptions = { drain: true, timeout: 1000 };
expect<Equal<ReturnType<typeof pool.destroy>, Promise<void>>>(true);
expect<Equal<Parameters<typeof pool.close>, [options?: WorkerPoolCloseOptions]>>(true);
expect<Equal<Parameters<typeof pool.destroy>, [options?: WorkerPoolCloseOptions]>>(true);
pool.close(end);
pool.destroy({ drain: undefined, timeout: undefined });
// @ts-expect-error no time
pool.close({ drain: true, timeout: '1s' });
// @ts-expect-error no such option
pool.close({ force: true });
expect<Equal<ReturnType<typeof pool.drain>, Promise<void>>>(true);
expect<Equal<ReturnType<(typeof pool)[typeof Symbol.asyncDispose]>, Promise<void>>>(true);
const disposable: Disposable & AsyncDisposable = pool;
disposable[Symbol.dispose]();

async function block() {
  await using own = new WorkerPool<Sum, number>();
  using other = new WorkerPool<Sum, number>();
  return (await own.run({ a: 1, b: 2 })) + (await other.run({ a: 1, b: 2 }));
}
expect<Equal<ReturnType<typeof block>, Promise<number>>>(true);

// Properties.
for (const name of [
  'numThreads',
  'minThreads',
  'maxThreads',
  'queueSize',
  'running',
  'completed',
  'failed',
] as const) {
  expect<Equal<(typeof pool)[typeof name], number>>(true);
}
// @ts-expect-error read-only
pool.numThreads = 4;
// @ts-expect-error read-only
pool.completed = 0;

// channels
const message = {} as WorkerPoolTaskMessage;
expect<Equal<typeof message.export, string | undefined>>(true);
expect<Equal<typeof message.runTime, number | undefined>>(true);
expect<Equal<keyof WorkerPoolThreadMessage, 'pool' | 'processor' | 'threadId'>>(true);
// @ts-expect-error read-only
message.runTime = 0;
subscribe('async-hooks-rs:pool:end', (published) => {
  const { pool: of, duration } = published as WorkerPoolTaskMessage;
  expect<Equal<typeof duration, number | undefined>>(true);
  of.close();
});

// stats
expect<Equal<ReturnType<typeof pool.stats>, WorkerPoolStats>>(true);
const [thread] = pool.stats(pool.stats()).threads;
expect<Equal<(typeof thread)['eventLoopUtilization'], number | undefined>>(true);
expect<Equal<(typeof thread)['memory'], number | undefined>>(true);
expect<Equal<(typeof thread)['memoryAge'], number | undefined>>(true);
const state: 'starting' | 'idle' | 'busy' | 'leaving' | 'stopping' = thread.state;
state.length;
// @ts-expect-error no answer of stats()
pool.stats({});

// histogram
const histogram = pool.histogram();
expect<Equal<typeof histogram, WorkerPoolHistogram>>(true);
expect<Equal<keyof WorkerPoolHistogram, 'waitTime' | 'runTime'>>(true);
expect<
  Equal<
    WorkerPoolTimes,
    Record<'count' | 'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p90' | 'p99' | 'p999', number>
  >
>(true);
expect<Equal<typeof histogram.waitTime, WorkerPoolTimes>>(true);

// Events.
pool.on('error', (err) => expect<Equal<typeof err, Error>>(true));
pool.once('message', (value) => expect<Equal<typeof value, any>>(true));
pool.on('drain', (...args) => expect<Equal<typeof args, []>>(true));
pool.addListener('workerCreate', (id) => expect<Equal<typeof id, number>>(true));
pool.off('workerDestroy', (id) => expect<Equal<typeof id, number>>(true));
pool.on('of a subclass', (...args) => expect<Equal<typeof args, any[]>>(true));
expect<Equal<ReturnType<typeof pool.emit>, boolean>>(true);
const chained = pool.on('drain', () => {}).prependListener('drain', () => {});
expect<Equal<typeof chained, typeof pool>>(true);
const emitter: EventEmitter & EventEmitterAsyncResource = pool;
emitter.emit('drain');
expect<Equal<typeof pool.asyncId, number>>(true);

// Codes.
const code: WorkerPoolErrorCode = 'ERR_WORKER_POOL_CLOSED';
expect<Equal<Extract<WorkerPoolErrorCode, 'ABORT_ERR'>, 'ABORT_ERR'>>(true);
// @ts-expect-error no such code
const other: WorkerPoolErrorCode = 'ERR_WORKER_POOL_OPEN';
void [code, other];

// Subclasses.
class SumPool extends WorkerPool<Sum, number> {
  sum(a: number, b: number) {
    return this.run({ a, b });
  }
}
expect<Equal<ReturnType<SumPool['sum']>, Promise<number>>>(true);
