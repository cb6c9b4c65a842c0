'use strict';

// What pools have done, as text in Prometheus' format, version 0.0.4.

const { hasThreads, isPool, wrongType } = require('./arguments.js');
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

/** @typedef {import('./arguments.js').Pool} Pool */
/**
 * @typedef {[name: string, type: string, help: string,
 *   read: (stats: Stats | undefined, pool: Pool) => Sample[]]} Family
 */

/**
 * Of pools that have threads.
 *
 * @param {(stats: Stats) => Sample[]} read
 * @returns {Family[3]}
 */
const ofThreads = (read) => (stats) => (stats === undefined ? [] : read(stats));

/** @type {Family[]} */
const FAMILIES = [
  [
    'worker_pool_tasks_submitted_total',
    'counter',
    'Tasks that were submitted.',
    ofThreads(({ submitted }) => [[{}, submitted]]),
  ],
  [
    'worker_pool_tasks_completed_total',
    'counter',
    'Tasks that have ended with a result.',
    (_, { completed }) => [[{}, completed]],
  ],
  [
    'worker_pool_tasks_failed_total',
    'counter',
    'Tasks that have ended with an error, refused ones included.',
    (_, { failed }) => [[{}, failed]],
  ],
  [
    'worker_pool_queue_tasks',
    'gauge',
    'Tasks that wait for a thread, by priority.',
    (stats, { queueSize }) => {
      if (stats === undefined) return [[{}, queueSize]];
      if (stats.queue.length === 0) return [[{ priority: 0 }, 0]];
      return stats.queue.map(({ priority, waiting }) => [{ priority }, waiting]);
    },
  ],
  ['worker_pool_tasks_running', 'gauge', 'Tasks that run.', (_, { running }) => [[{}, running]]],
  [
    'worker_pool_threads',
    'gauge',
    'Threads, by state.',
    ofThreads(({ threads }) =>
      STATES.map((state) => [{ state }, threads.filter((each) => each.state === state).length]),
    ),
  ],
  [
    'worker_pool_threads_memory_bytes',
    'gauge',
    'Heap and external memory of the threads, as they have told it last.',
    ofThreads(({ threads }) => {
      const known = memoryOf(threads);
      return known === undefined ? [] : [[{}, known]];
    }),
  ],
  [
    'worker_pool_task_wait_seconds',
    'summary',
    'Time from the submission of tasks to their start.',
    ofThreads(({ waitTime }) => summary(waitTime)),
  ],
  [
    'worker_pool_task_run_seconds',
    'summary',
    'Time from the start of tasks to their end.',
    ofThreads(({ runTime }) => summary(runTime)),
  ],
];

/**
 * Metrics of a pool, or of several by their names.
 *
 * @param {any} pools
 */
function prometheus(pools) {
  const all = byName(pools).map(([name, pool]) => {
    const stats = hasThreads(pool) ? pool.stats() : undefined;
    return { name, pool, stats };
  });
  const lines = FAMILIES.flatMap(([family, type, help, read]) => [
    `# HELP ${family} ${help}`,
    `# TYPE ${family} ${type}`,
    ...all.flatMap(({ name, pool, stats }) =>
      read(stats, pool).map(([labels, value, suffix = '']) => {
        const named = name === undefined ? labels : { pool: name, ...labels };
        return `${family}${suffix}${labelled(named)} ${value}`;
      }),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/**
 * @param {any} pools
 * @returns {[name: string | undefined, pool: Pool][]}
 */
function byName(pools) {
  if (isPool(pools)) return [[undefined, pools]];
  if (typeof pools !== 'object' || pools === null) {
    throw wrongType('pools', 'a WorkerPool, a QueuePool or an object of them', pools, prometheus);
  }
  const entries = Object.entries(pools);
  for (const [name, pool] of entries) {
    if (isPool(pool)) continue;
    throw wrongType(`pools.${name}`, 'a WorkerPool or a QueuePool', pool, prometheus);
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
