'use strict';

// The contenders. Each creates a pool of `threads` threads for a job, with the call of its
// interface: `run(task)`, which returns a promise, or `runTask(task, callback)`. A process loads
// only one contender.

const path = require('node:path');
const { PACKAGE } = require('../contender.js');

const LISTENING = path.join(__dirname, 'workers/listening.js');
const LONG = 60_000; // milliseconds; no task takes that long

/** This package's pool, with a function as the processor. */
function ours(job, threads) {
  const { WorkerPool } = require(PACKAGE);
  return new WorkerPool(threads, job);
}

function promises(pool, options) {
  return {
    run: options === undefined ? (task) => pool.run(task) : (task) => pool.run(task, options()),
    close: () => pool.close(),
  };
}

function callbacks(pool) {
  return { runTask: (task, callback) => pool.runTask(task, callback), close: () => pool.close() };
}

// A scope per task, like that of a request of a server.
function inScopes(pool) {
  const { AsyncLocalStorage } = require(PACKAGE);
  const storage = new AsyncLocalStorage();
  const check = (task, callback, error, result) => {
    if (storage.getStore() === task) callback(error, result);
    else callback(new Error('the store is lost'), null);
  };
  return {
    runTask: (task, callback) =>
      storage.run(task, () => {
        pool.runTask(task, (error, result) => check(task, callback, error, result));
      }),
    close: () => pool.close(),
  };
}

/** How the store of a request gets to the thread. */
const ways = Object.freeze({ NOT: 'not', BY_HAND: 'by hand', BY_OPTION: 'by option' });

// A store of some 200 bytes that does not change, in whose scope the tasks are submitted. The tasks
// are those of one request, or of so many in turn.
function inRequests(job, threads, requests, way) {
  const { WorkerPool } = require(PACKAGE);
  const { storageFor } = require(path.join(PACKAGE, 'contexts.js'));
  const storage = storageFor('benchmark.request');
  const isByHand = way === ways.BY_HAND;
  const pool = new WorkerPool(
    threads,
    isByHand ? path.join(__dirname, 'jobs/enter.js') : job,
    way === ways.BY_OPTION ? { contexts: [storage] } : {},
  );
  const submitted = (task) => (isByHand ? { store: storage.getStore(), task } : task);
  const stores = Array.from({ length: requests }, (_, i) => ({
    id: `7f3a9c52-0d1e-4b8a-9f6c-${`${i}`.padStart(12, '0')}`,
    tenant: 'a tenant with a name of usual length',
    user: { id: 48_151, name: 'Ann Example', roles: ['reader', 'writer'] },
    trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    started: 1_700_000_000_000,
  }));
  let next = 0;
  return {
    run(task) {
      next = next + 1 === requests ? 0 : next + 1;
      return storage.run(stores[next], () => pool.run(submitted(task)));
    },
    close: () => pool.close(),
  };
}

const contenders = {
  'ours': (job, threads) => promises(ours(job, threads)),
  'ours-callback': (job, threads) => callbacks(ours(job, threads)),
  'ours-docs': (job, threads) => promises(ours(LISTENING, threads)),
  'ours-timeout': (job, threads) => promises(ours(job, threads), () => ({ timeout: LONG })),
  'ours-signal': (job, threads) => {
    const { signal } = new AbortController();
    return promises(ours(job, threads), () => ({ signal }));
  },
  'ours-scope': (job, threads) => inScopes(ours(job, threads)),
  'ours-request': (job, threads) => inRequests(job, threads, 1, ways.NOT),
  'ours-by-hand': (job, threads) => inRequests(job, threads, 1, ways.BY_HAND),
  'ours-context': (job, threads) => inRequests(job, threads, 1, ways.BY_OPTION),
  'ours-contexts': (job, threads) => inRequests(job, threads, 100, ways.BY_OPTION),
  'ours-native': (job, threads) => promises(ours({ native: path.parse(job).name }, threads)),
  'raw': (job, threads) => {
    const { RawPool } = require('./raw-pool.js');
    return callbacks(new RawPool(threads, LISTENING));
  },
  'docs': (job, threads) => {
    const { WorkerPool } = require('./docs-pool.js');
    return callbacks(new WorkerPool(threads, LISTENING));
  },
  'piscina': (job, threads) => {
    const { Piscina } = require('piscina');
    return promises(new Piscina({ filename: job, minThreads: threads, maxThreads: threads }));
  },
  'tinypool': async (job, threads) => {
    const { Tinypool } = await import('tinypool');
    const pool = new Tinypool({ filename: job, minThreads: threads, maxThreads: threads });
    return { run: (task) => pool.run(task), close: () => pool.destroy() };
  },
  'poolifier': (job, threads) => {
    const { FixedThreadPool } = require('poolifier');
    const pool = new FixedThreadPool(threads, path.join(__dirname, 'workers/poolifier.js'));
    return { run: (task) => pool.execute(task), close: () => pool.destroy() };
  },
  'workerpool': (job, threads) => {
    const pool = require('workerpool').pool(path.join(__dirname, 'workers/workerpool.js'), {
      workerType: 'thread',
      minWorkers: threads,
      maxWorkers: threads,
    });
    return { run: (task) => pool.exec('run', [task]), close: () => pool.terminate() };
  },
  'async-task': () => {
    const { add } = require('./native.js').load();
    return { run: ({ a, b }) => add(a, b), async close() {} };
  },
};

/** The pool of the contender `name`, with `threads` threads that do the job of `jobs/<job>.js`. */
async function create(name, job, threads) {
  if (!Object.hasOwn(contenders, name)) throw new RangeError(`unknown contender '${name}'`);
  const file = path.join(__dirname, 'jobs', `${job}.js`);
  process.env.POOL_BENCHMARK_JOB = file; // the workers get a copy of the environment
  process.env.UV_THREADPOOL_SIZE = `${threads}`; // libuv reads it when it is first used
  return contenders[name](file, threads);
}

module.exports = { create };
