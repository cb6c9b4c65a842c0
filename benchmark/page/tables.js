'use strict';

// The tables of docs/performance.md, made of the results. A cell is a quotient, or several of one
// case, in the order of `metrics`.

const { number } = require('../command-line.js');

/**
 * @typedef {object} Table
 * @property {string} suite
 * @property {string[]} head  of the columns before those of the Node versions
 * @property {string[]} metrics
 * @property {(row: object) => [string, string[]][]} lines  of a row of results: for each line the
 *   quotient, and what stands in the first columns
 */

/** Lines for one quotient of the cases that are named; all others have none. */
function named(quotient, titles) {
  return ({ name }) => (Object.hasOwn(titles, name) ? [[quotient, [titles[name]]]] : []);
}

/** What the pool's second contender is, where it is not `run()` with a function. */
const FORMS = {
  'ours': '',
  'ours-callback': ', by `runTask()`',
  'ours-docs': ', processor of the documentation',
  'ours-native': '',
};

/** Lines for all quotients of the cases of the pool with these names. */
function pools(titles) {
  return ({ name, quotients }) => {
    const [subject, threads] = name.split('/');
    if (!Object.hasOwn(titles, subject)) return [];
    return Object.keys(quotients).map((quotient) => {
      const [first, second] = quotient.split('/');
      return [quotient, [`${titles[subject]}${FORMS[second]}`, threads, `\`${first}\``]];
    });
  };
}

const POOL_HEAD = ['task', 'threads', 'against'];
const WORK = ['burst', 'cpu', 'p50', 'p99', 'rss'];

/** @type {Record<string, Table>} */
const tables = {
  'service': {
    suite: 'service',
    head: ['built-in / `register`: time / p99 / memory'],
    metrics: ['time', 'p99', 'rss'],
    lines: ({ title }) => [['builtin/register', [title]]],
  },
  'service-tracking': {
    suite: 'service',
    head: ['time / processor time', 'quotient'],
    metrics: ['time', 'cpu'],
    lines: ({ title }) => [
      ['register/none', [title, '`register` / no tracking']],
      ['builtin/none', [title, 'built-in / no tracking']],
    ],
  },
  'operations': {
    suite: 'context',
    head: ['built-in / this package'],
    metrics: ['time'],
    lines: named('builtin/ours', {
      'getStore-1': '`getStore()`, one storage in use',
      'getStore-10-top': '`getStore()` of the innermost of ten',
      'getStore-10-deep': '`getStore()` of the outermost of ten',
      'getStore-10-turn': '`getStore()` of ten in turn',
      'run-1': '`run()`, one storage in use',
      'run-10': '`run()`, ten storages in use',
      'run-nested': 'ten `run()` inside each other',
      'enterWith-1': '`enterWith()`, one storage in use',
      'enterWith-10': '`enterWith()`, ten storages in use',
      'snapshot-make': '`AsyncLocalStorage.snapshot()`',
      'snapshot-call': 'call of a snapshot',
      'bind-make': '`AsyncLocalStorage.bind()`',
      'bind-call': 'call of a bound function',
      'resource-make': '`new AsyncResource()`',
      'resource-run': '`runInAsyncScope()`',
      'resource-make-run': 'both',
      'setTimeout': '`setTimeout()`',
      'setImmediate': '`setImmediate()`',
      'nextTick': '`process.nextTick()`',
      'queueMicrotask': '`queueMicrotask()`',
      'fs-stat': '`fs.stat()`',
      'await-1': '`await` in a loop, one storage in use',
      'await-10': '`await` in a loop, ten storages in use',
    }),
  },
  'servers': {
    suite: 'context',
    head: ['built-in / this package: time / processor time'],
    metrics: ['time', 'cpu'],
    lines: named('builtin/ours', {
      'http-sync-1': 'one storage, synchronous handler',
      'http-async-1': 'one storage, async handler',
      'http-sync-10': 'ten storages, synchronous handler',
      'http-async-10': 'ten storages, async handler',
    }),
  },
  'tracking': {
    suite: 'context',
    head: ['time', 'quotient'],
    metrics: ['time'],
    lines: ({ name, title, quotients }) =>
      Object.hasOwn(quotients, 'builtin/none')
        ? [
            ['ours/none', [`${title} (\`${name}\`)`, 'this package / no tracking']],
            ['builtin/none', [`${title} (\`${name}\`)`, 'built-in / no tracking']],
          ]
        : [],
  },
  'heap': {
    suite: 'context',
    head: ['built-in / this package'],
    metrics: ['bytes'],
    lines: named('builtin/ours', { 'heap-1': 'one store', 'heap-10': 'ten stores' }),
  },
  'loading': {
    suite: 'context',
    head: ['this package / an empty file: time / processor time'],
    metrics: ['time', 'cpu'],
    lines: named('ours/none', { require: "`require('async-hooks-rs')`" }),
  },
  'pool-small': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: WORK,
    lines: pools({ tiny: '`a + b`', object: 'object of 1 KB' }),
  },
  'pool-buffers': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: WORK,
    lines: pools({
      'in-64k': '64 KB in',
      'in-1m': '1 MB in',
      'in-10m': '10 MB in',
      'out-64k': '64 KB out',
      'out-1m': '1 MB out',
      'out-10m': '10 MB out',
    }),
  },
  'pool-busy': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: WORK,
    lines: pools({ 'busy-10': '10 us of work', 'busy-100': '100 us of work' }),
  },
  'pool-native': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: WORK,
    lines: pools({ native: '`a + b` in Rust' }),
  },
  'pool-failures': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: WORK,
    lines: pools({ fail: 'throws an Error' }),
  },
  'pool-options': {
    suite: 'pool',
    head: ['task', 'threads', 'with'],
    metrics: WORK,
    lines: pools({ options: '`a + b`' }),
  },
  'pool-start': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: ['first', 'process'],
    lines: pools({ start: 'one `a + b`' }),
  },
  'pool-memory': {
    suite: 'pool',
    head: POOL_HEAD,
    metrics: ['idle', 'waiting', 'after'],
    lines: pools({ memory: 'one million' }),
  },
};

/** Lines by their first columns, each with its cells by version, in the order of the results. */
function collect(table, results) {
  const lines = new Map();
  for (const { node, rows } of results) {
    for (const row of rows) {
      const position = table.metrics.indexOf(row.metric);
      if (position === -1) continue;
      for (const [quotient, columns] of table.lines(row)) {
        const key = JSON.stringify(columns);
        if (!lines.has(key)) lines.set(key, { columns, cells: {} });
        const { cells } = lines.get(key);
        cells[node] ??= [];
        cells[node][position] = row.quotients[quotient];
      }
    }
  }
  return [...lines.values()];
}

/** A quotient with its quartiles, or several without. */
function cell(spreads) {
  if (spreads === undefined) return '';
  const [first] = spreads;
  if (spreads.length > 1) return spreads.map(({ median }) => number(median)).join(' / ');
  return `${number(first.median)} (${number(first.q1)} to ${number(first.q3)})`;
}

const line = (columns) => `| ${columns.join(' | ')} |`;

/** The table, for the results of all versions of Node, oldest first. */
function render(table, results) {
  const heads = [...table.head, ...results.map(({ node }) => `Node ${node.split('.')[0]}`)];
  return [
    line(heads),
    `|${'---|'.repeat(heads.length)}`,
    ...collect(table, results).map(({ columns, cells }) =>
      line([...columns, ...results.map(({ node }) => cell(cells[node]))]),
    ),
  ].join('\n');
}

module.exports = { tables, render };
