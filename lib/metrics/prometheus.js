'use strict';

// What pools have done, as text in Prometheus' format, version 0.0.4.

const { isPool, wrongType } = require('./arguments.js');
const { memoryOf } = require('./memory.js');

/** @typedef {ReturnType<import('../worker-pool.js').WorkerPool['stats']>} Stats */
/** @typedef {[labels: Record<string, string | number>, value: number, suffix?: string]} Sample */

const STATES = ['starting', 'idle', 'busy', 'leaving', 'stopping'];
const QUANTILES = Object.freeze({ p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 });

/** @param {Stats['waitTime']} times  in milliseconds */
const summary = (times) =>
  /** @type {Sample[]} */ ([
    ...Object.entries(QUANTILES).map(([key, quantile]) => [
      { quantile },
      times[/** @type {keyof typeof QUANTILES} */ (key)] / 1e3,
    ]),
    [{}, (times.mean * times.count) / 1e3, '_sum'],
    [{}, times.count, '_count'],
  ]);

/** @type {[name: string, type: string, help: string, read: (stats: Stats) => Sample[]][]} */
const FAMILIES = [
  [
    'worker_pool_tasks_submitted_total',
    'counter',
    'Tasks that were submitted.',
    ({ submitted }) => [[{}, submitted]],
  ],
  [
    'worker_pool_tasks_completed_total',
    'counter',
    'Tasks that have ended with a result.',
    ({ completed }) => [[{}, completed]],
  ],
  [
    'worker_pool_tasks_failed_total',
    'counter',
    'Tasks that have ended with an error, refused ones included.',
    ({ failed }) => [[{}, failed]],
  ],
  [
    'worker_pool_queue_tasks',
    'gauge',
    'Tasks that wait for a thread, by priority.',
    ({ queue }) =>
      queue.length === 0
        ? [[{ priority: 0 }, 0]]
        : queue.map(({ priority, waiting }) => [{ priority }, waiting]),
  ],
  [
    'worker_pool_threads',
    'gauge',
    'Threads, by state.',
    ({ threads }) =>
      STATES.map((state) => [{ state }, threads.filter((each) => each.state === state).length]),
  ],
  [
    'worker_pool_threads_memory_bytes',
    'gauge',
    'Heap and external memory of the threads, as they have told it last.',
    ({ threads }) => {
      const known = memoryOf(threads);
      return known === undefined ? [] : [[{}, known]];
    },
  ],
  [
    'worker_pool_task_wait_seconds',
    'summary',
    'Time from the submission of tasks to their start.',
    ({ waitTime }) => summary(waitTime),
  ],
  [
    'worker_pool_task_run_seconds',
    'summary',
    'Time from the start of tasks to their end.',
    ({ runTime }) => summary(runTime),
  ],
];

/**
 * Metrics of a pool, or of several by their names.
 *
 * @param {any} pools
 */
function prometheus(pools) {
  const all = byName(pools).map(([name, pool]) => ({ name, stats: pool.stats() }));
  const lines = FAMILIES.flatMap(([family, type, help, read]) => [
    `# HELP ${family} ${help}`,
    `# TYPE ${family} ${type}`,
    ...all.flatMap(({ name, stats }) =>
      read(stats).map(([labels, value, suffix = '']) => {
        const named = name === undefined ? labels : { pool: name, ...labels };
        return `${family}${suffix}${labelled(named)} ${value}`;
      }),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/**
 * @param {any} pools
 * @returns {[name: string | undefined, pool: import('../worker-pool.js').WorkerPool][]}
 */
function byName(pools) {
  if (isPool(pools)) return [[undefined, pools]];
  if (typeof pools !== 'object' || pools === null) {
    throw wrongType('pools', 'a WorkerPool or an object of them', pools, prometheus);
  }
  const entries = Object.entries(pools);
  for (const [name, pool] of entries) {
    if (!isPool(pool)) throw wrongType(`pools.${name}`, 'a WorkerPool', pool, prometheus);
  }
  return entries;
}

/** @param {Record<string, string | number>} labels */
function labelled(labels) {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(`${value}`)}"`);
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}

/** @param {string} value */
const escaped = (value) =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

module.exports = { prometheus };
