// The subpath in a CommonJS module: the module is the class, with `import = require()`, with plain
// `require()`, and as the default export of a transpiled `import`.

import WorkerPool = require('async-hooks-rs/worker-pool');
import Default from 'async-hooks-rs/worker-pool';
import asyncHooks = require('async-hooks-rs');
import equal = require('./equal.js');

const options: WorkerPool.WorkerPoolOptions = { maxQueue: 10 };
const pool: WorkerPool<number, string> = new WorkerPool<number, string>(2, './p.js', options);
const result = pool.run(1);
equal.expect<equal.Equal<typeof result, Promise<string>>>(true);

equal.expect<equal.Equal<typeof Default, typeof WorkerPool>>(true);
equal.expect<equal.Equal<typeof WorkerPool.default, typeof WorkerPool>>(true);
equal.expect<equal.Equal<typeof WorkerPool.WorkerPool, typeof WorkerPool>>(true);
equal.expect<equal.Equal<typeof asyncHooks.WorkerPool, typeof WorkerPool>>(true);

declare const required: typeof import('async-hooks-rs/worker-pool');
const { WorkerPool: Named } = required;
new Named(2).runTask(5, (err, sum) => [err, sum]);
