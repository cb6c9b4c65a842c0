// The types of a pool that knows its processor file: each export with its arguments and its result.

import {
  WorkerPool,
  type WorkerPoolCalls,
  type WorkerPoolExportName,
  type WorkerPoolTaskError,
  type WorkerPoolTaskOptions,
} from 'async-hooks-rs';
import { type Size } from './exported-tasks.js';
import { type Equal, expect } from './equal.js';

type Tasks = typeof import('./exported-tasks.js');
interface Sum {
  a: number;
  b: number;
}

const pool = new WorkerPool<Tasks>(2, './exported-tasks.js');
const untyped = new WorkerPool(2, './exported-tasks.js');
const typed = new WorkerPool<Sum, number>(2);
const size: Size = { width: 1, height: 2 };

expect<
  Equal<
    WorkerPoolExportName<Tasks>,
    'default' | 'resize' | 'now' | 'first' | 'pixels' | 'lines' | 'pages' | 'title'
  >
>(true);
expect<Equal<WorkerPoolExportName<Sum>, never>>(true);
expect<Equal<WorkerPoolExportName<any>, string>>(true);

// call
const resized = pool.call.resize(size, 2);
expect<Equal<typeof resized, Promise<Size>>>(true);
expect<Equal<Parameters<typeof pool.call.resize>, [size: Size, factor?: number]>>(true);
const counted = pool.call.default({ from: 1, to: 2 });
expect<Equal<typeof counted, Promise<number>>>(true);
const time = pool.call.now();
expect<Equal<typeof time, Promise<Date>>>(true);
const moved = pool.call.pixels(size);
expect<Equal<typeof moved, Promise<Uint8Array>>>(true);
const any = untyped.call.anything(1, 'two');
expect<Equal<typeof any, Promise<any>>>(true);
expect<Equal<typeof pool.call, WorkerPoolCalls<Tasks>>>(true);
// @ts-expect-error wrong argument
pool.call.resize({ width: 1 });
// @ts-expect-error no such export
pool.call.shrink(size);
// @ts-expect-error no function
pool.call.version();
// @ts-expect-error the pool is not told of any export
typed.call.resize(size);
// @ts-expect-error read-only
pool.call = {};

// run with an export
const run = pool.run(size, { export: 'resize', timeout: 10 });
expect<Equal<typeof run, Promise<Size>>>(true);
const named = pool.run({ from: 1, to: 2 }, { export: 'default' });
expect<Equal<typeof named, Promise<number>>>(true);
const without = pool.run(undefined, { export: 'now' });
expect<Equal<typeof without, Promise<Date>>>(true);
const unwrapped = pool.run(size, { export: 'pixels' });
expect<Equal<typeof unwrapped, Promise<Uint8Array>>>(true);
const anything = untyped.run(5, { export: 'anything' });
expect<Equal<typeof anything, Promise<any>>>(true);
const asBefore = typed.run({ a: 1, b: 2 }, { export: 'multiply' });
expect<Equal<typeof asBefore, Promise<number>>>(true);
const waited = pool.runSync(size, { export: 'pixels', timeout: 10 });
expect<Equal<typeof waited, Uint8Array>>(true);
const waitedForDefault = pool.runSync({ from: 1, to: 2 });
expect<Equal<typeof waitedForDefault, number>>(true);
// @ts-expect-error wrong task for this export
pool.runSync(size, { export: 'first', timeout: 'long' });
// @ts-expect-error wrong task for this export
pool.run({ from: 1, to: 2 }, { export: 'resize' });
// @ts-expect-error no such export
pool.run(size, { export: 'shrink' });
// @ts-expect-error the name of an export is a string
untyped.run(size, { export: 5 });

// run of the default
const primes = pool.run({ from: 1, to: 2 });
expect<Equal<typeof primes, Promise<number>>>(true);
const limited = pool.run({ from: 1, to: 2 }, { timeout: 10 });
expect<Equal<typeof limited, Promise<number>>>(true);
// @ts-expect-error wrong task for the default
pool.run(size);

// runTask
pool.runTask(size, { export: 'resize' }, (err, result) => {
  expect<Equal<typeof err, WorkerPoolTaskError | null>>(true);
  expect<Equal<typeof result, Size>>(true);
});
pool.runTask({ from: 1, to: 2 }, (_, result) => {
  expect<Equal<typeof result, number>>(true);
});
pool.runTask({ from: 1, to: 2 }, { priority: 1 }, (_, result) => {
  expect<Equal<typeof result, number>>(true);
});

// Generic code goes on to know only of tasks and results.
function submit<Task, Result>(to: WorkerPool<Task, Result>, task: Task): Promise<Result> {
  to.runTask(task, (_, result) => expect<Equal<typeof result, Result>>(true));
  return to.run(task);
}
const generic = submit(typed, { a: 1, b: 2 });
expect<Equal<typeof generic, Promise<number>>>(true);
const pools: WorkerPool[] = [pool, typed, untyped];
const wider: WorkerPool<{ a: number }, unknown> = new WorkerPool<{ a: number }, string>();
const options: WorkerPoolTaskOptions = { export: 'resize' };
untyped.run(5, options);
void [pools, wider];

// map
const mapped = pool.map([size, Promise.resolve(size)], { export: 'resize', concurrency: 2 });
expect<Equal<typeof mapped, AsyncGenerator<Size, void, undefined>>>(true);
const ranges = pool.map(new Set([{ from: 1, to: 2 }]), { ordered: false, timeout: 10 });
expect<Equal<typeof ranges, AsyncGenerator<number, void, undefined>>>(true);
const sums = typed.map(
  (async function* () {
    yield { a: 1, b: 2 };
  })(),
);
expect<Equal<typeof sums, AsyncGenerator<number, void, undefined>>>(true);
const anythings = untyped.map('abc', { export: 'anything' });
expect<Equal<typeof anythings, AsyncGenerator<any, void, undefined>>>(true);
// @ts-expect-error wrong values for this export
pool.map([1], { export: 'resize' });
// @ts-expect-error each task may go to any thread
pool.map([size], { export: 'resize', key: 'a' });
// @ts-expect-error no iterable
typed.map({ a: 1, b: 2 });
// @ts-expect-error not an option of all tasks
typed.map([], { transferList: [] });

// stream
const lines = pool.stream('a.txt', { export: 'lines', highWaterMark: 4, timeout: 10 });
expect<Equal<typeof lines, AsyncGenerator<string, number, undefined>>>(true);
const pages = pool.stream('a.txt', { export: 'pages', key: 'a.txt' });
expect<Equal<typeof pages, AsyncGenerator<Size, any, undefined>>>(true);
const streamed = typed.stream({ a: 1, b: 2 });
expect<Equal<typeof streamed, AsyncGenerator<number, any, undefined>>>(true);
const values = untyped.stream(1, { export: 'anything' });
expect<Equal<typeof values, AsyncGenerator<any, any, undefined>>>(true);
const none = pool.stream({ from: 1, to: 2 });
expect<Equal<typeof none, AsyncGenerator<never, any, undefined>>>(true);
const noValues = pool.stream('a.txt', { export: 'title' });
expect<Equal<typeof noValues, AsyncGenerator<never, any, undefined>>>(true);
// @ts-expect-error wrong task for this export
pool.stream(size, { export: 'lines' });
// @ts-expect-error not a number
typed.stream({ a: 1, b: 2 }, { highWaterMark: '4' });

// another file than the pool's, of which the types know nothing
const processor = new URL('file:///other.js');
const elsewhere = pool.run({ anything: 1 }, { processor, export: 'resize' });
expect<Equal<typeof elsewhere, Promise<any>>>(true);
const elsewhereNow = typed.runSync('a', { processor: './other.js', timeout: 1 });
expect<Equal<typeof elsewhereNow, any>>(true);
const elsewhereMapped = pool.map([1], { processor, concurrency: 2 });
expect<Equal<typeof elsewhereMapped, AsyncGenerator<any>>>(true);
const elsewhereStreamed = typed.stream(1, { processor, highWaterMark: 1 });
expect<Equal<typeof elsewhereStreamed, AsyncGenerator<any>>>(true);
pool.runTask(1, { processor }, (err, result) => {
  expect<Equal<typeof err, WorkerPoolTaskError | null>>(true);
  expect<Equal<typeof result, any>>(true);
});
const own = pool.run(size, { export: 'resize', processor: undefined });
expect<Equal<typeof own, Promise<Size>>>(true);
// @ts-expect-error only a file
untyped.run(1, { processor: { native: 'add' } });
// @ts-expect-error nor a function
untyped.run(1, { processor: () => {} });
