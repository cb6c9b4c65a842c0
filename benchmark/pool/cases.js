'use strict';

// All cases, in the order they run. A case is
// - { name, title, contenders, quotients, units }, and
// - `job`, a file of jobs/; `task(i)`, the i-th task of a burst; `check(result, task)`, whether the
//   result is the right one; `burst`, how many tasks that is, so many that beginning and end weigh
//   little; `fails`, whether every task fails: then `result` is its error.
// - or `start: true`: a process from its begin to its end, with one task. See rounds.js.
// - or `memory: true`: a process for the memory of a pool, with a fixed number of `threads`.
// - `prepare()`, what has to be done once, before any measurement.

const PEERS = ['raw', 'piscina', 'tinypool', 'poolifier', 'workerpool', 'docs'];

const KB = 1024;
const MB = 1024 * KB;

function against(contender, peers) {
  return peers.map((peer) => [peer, contender]);
}

/** A case whose contenders are those of its quotients. */
function define(name, title, quotients, others) {
  const units = { burst: 'us/task', cpu: 'us/task', p50: 'us', p99: 'us', rss: 'MB' };
  const contenders = [...new Set(quotients.flat())];
  return { name, title, quotients, contenders, units, ...others };
}

const add = {
  job: 'add',
  task: (i) => ({ a: i, b: 100 }),
  check: (result, { a, b }) => result === a + b,
};

// 45 properties in 14 nested objects: about a kilobyte as JSON.
function record(i) {
  return {
    id: i,
    note: 'n'.repeat(360),
    customer: {
      id: 1000 + i,
      name: 'Ada Lovelace',
      address: {
        street: 'St James Square',
        number: 12,
        city: 'London',
        position: { latitude: 51.507, longitude: -0.135 },
      },
      contact: { mail: 'ada@example.org' },
    },
    items: {
      first: { sku: 'A-1', price: 12.5, count: 2, tax: { rate: 0.2, code: 'S' } },
      second: { sku: 'B-2', price: 99.99, count: 1, tax: { rate: 0.05, code: 'R' } },
      third: { sku: 'C-3', price: 0.01, count: 144, tax: { rate: 0, code: 'Z' } },
    },
    total: { net: 126.43, gross: 133.93 },
    paid: true,
    due: null,
    source: { host: 'eu-1' },
    flags: { urgent: false },
  };
}

function sameRecord(result, task) {
  return (
    result !== task &&
    result.id === task.id &&
    result.note === task.note &&
    JSON.stringify(result) === JSON.stringify(task)
  );
}

function bytesIn(name, size, burst) {
  const bytes = Buffer.alloc(size);
  bytes[0] = 1;
  bytes[size - 1] = 2;
  return define(
    `in-${name}`,
    `a Buffer of ${name} in, a number out`,
    against('ours', ['raw', 'piscina', 'tinypool', 'docs']),
    { job: 'inspect', task: () => bytes, check: (result) => result === size + 3, burst },
  );
}

function bytesOut(name, size, burst) {
  return define(
    `out-${name}`,
    `a small task in, a Buffer of ${name} out`,
    against('ours', ['raw', 'piscina', 'tinypool', 'docs']),
    {
      job: 'produce',
      task: (i) => ({ size, mark: i % 256 }),
      check: (result, { mark }) =>
        result instanceof Uint8Array &&
        result.length === size &&
        result[0] === mark &&
        result[size - 1] === mark,
      burst,
    },
  );
}

function busy(microseconds, burst) {
  return define(
    `busy-${microseconds}`,
    `a task that takes ${microseconds} us`,
    against('ours', PEERS),
    {
      job: 'busy',
      task: () => ({ microseconds }),
      check: (result) => result === microseconds,
      burst,
    },
  );
}

const cases = [
  define(
    'tiny',
    'a + b',
    [
      ...against('ours', PEERS),
      ...against('ours-callback', ['raw', 'docs']),
      ...against('ours-docs', ['raw', 'piscina', 'docs']),
    ],
    { ...add, burst: 2000 },
  ),
  define(
    'object',
    'an object of 1 KB there and back',
    [...against('ours', PEERS), ...against('ours-docs', ['raw', 'docs'])],
    { job: 'echo', task: record, check: sameRecord, burst: 500 },
  ),
  bytesIn('64k', 64 * KB, 128),
  bytesIn('1m', MB, 16),
  bytesIn('10m', 10 * MB, 4),
  bytesOut('64k', 64 * KB, 128),
  bytesOut('1m', MB, 16),
  bytesOut('10m', 10 * MB, 4),
  busy(10, 1000),
  busy(100, 200),
  define('native', 'a + b in Rust', against('ours-native', ['async-task']), {
    ...add,
    burst: 2000,
    prepare: () => require('./native.js').build(),
  }),
  define('fail', 'a task that throws an Error', against('ours', ['piscina']), {
    job: 'fail',
    task: (i) => ({ i }),
    fails: true,
    check: (error, { i }) => error instanceof RangeError && error.stack.includes(`task ${i} has`),
    burst: 10_000,
  }),
  define(
    'options',
    'a + b, and what an option of it costs',
    [
      ['ours-timeout', 'ours'],
      ['ours-signal', 'ours'],
      ['ours-scope', 'ours-callback'],
      ['ours-context', 'ours-request'],
      ['ours-contexts', 'ours-request'],
      ['ours-by-hand', 'ours-context'],
    ],
    { ...add, burst: 2000 },
  ),
  define(
    'start',
    'a process that loads a pool for one a + b',
    [...against('ours', PEERS), ...against('ours-docs', ['raw', 'docs'])],
    { ...add, burst: 1, start: true, units: { first: 'ms', process: 'ms' } },
  ),
  define(
    'memory',
    'a pool that is idle, and with a million tasks that wait',
    against('ours', ['piscina']),
    {
      ...add,
      job: 'meet',
      burst: 1_000_000,
      memory: true,
      threads: 4,
      units: { idle: 'MB', waiting: 'MB', after: 'MB' },
    },
  ),
];

module.exports = { cases };
