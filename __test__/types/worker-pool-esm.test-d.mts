// The subpath in an ES module: the class is the default export, and has its own name, too.

import Pool, {
  type MovedResult,
  WorkerPool,
  type WorkerPoolOptions,
  move,
} from 'async-hooks-rs/worker-pool';
import * as namespace from 'async-hooks-rs/worker-pool';
import {
  WorkerPool as FromIndex,
  type WorkerPoolOptions as OptionsFromIndex,
} from 'async-hooks-rs';
import index from 'async-hooks-rs';
import { type Equal, expect } from './equal.js';

expect<Equal<typeof Pool, typeof WorkerPool>>(true);
expect<Equal<typeof FromIndex, typeof WorkerPool>>(true);
expect<Equal<typeof index.WorkerPool, typeof WorkerPool>>(true);
expect<Equal<typeof namespace.WorkerPool, typeof WorkerPool>>(true);
expect<Equal<OptionsFromIndex, WorkerPoolOptions>>(true);

const pool: Pool<number, string> = new Pool<number, string>(1, new URL('x.js', import.meta.url));
const result = pool.run(1);
expect<Equal<typeof result, Promise<string>>>(true);
const other: FromIndex<number, string> = pool;
void other;

const moved = move({ bytes: new Uint8Array(1) }, [new ArrayBuffer(1)]);
expect<Equal<typeof moved, MovedResult<{ bytes: Uint8Array<ArrayBuffer> }>>>(true);
expect<Equal<typeof Pool.move, typeof move>>(true);
move(new ArrayBuffer(1));
// @ts-expect-error no list
move(1, 5);

// @ts-expect-error no such export
import { Pool as Unknown } from 'async-hooks-rs/worker-pool';
void Unknown;
