'use strict';

// What the charts show: of the results of one suite on one Node, as plain values.

/** Names of contenders, as a reader knows them. */
const NAMES = {
  'ours': 'async-hooks-rs',
  'ours-docs': 'async-hooks-rs, with parentPort',
  'raw': 'worker threads, no pool',
  'docs': "WorkerPool of Node's docs",
  'none': 'no tracking',
  'builtin': 'built-in class',
  'register': 'async-hooks-rs/register',
};

const OURS = new Set(['ours', 'ours-docs', 'register']);

const OPERATIONS = {
  'getStore-1': 'getStore()',
  'run-1': 'run()',
  'run-10': 'run(), ten storages in use',
  'enterWith-1': 'enterWith()',
  'snapshot-call': 'call of a snapshot',
  'resource-run': 'runInAsyncScope()',
  'setTimeout': 'setTimeout()',
  'await-1': 'nine awaits',
  'await-10': 'nine awaits, ten storages',
  'http-async-1': 'HTTP request',
  'http-async-10': 'HTTP request, ten storages',
};

const NANOSECONDS = { 'ns': 1, 'us/request': 1e3 };

const TASKS = {
  'tiny/1': 'A small task: two numbers in, their sum out',
  'object/1': 'An object of 1 KB there and back',
  'in-1m/1': 'A Buffer of 1 MB in, a number out',
};

function find({ rows }, name, metric) {
  return rows.find((row) => row.name === name && row.metric === metric);
}

/** The time of each operation, of both classes, and the quotient. */
function operations(result) {
  return Object.entries(OPERATIONS).flatMap(([name, label]) => {
    const row = find(result, name, 'time');
    if (row === undefined) return [];
    const unit = NANOSECONDS[row.unit];
    const points = Object.entries(row.contenders).map(([contender, { median, min, max }]) => ({
      label,
      contender,
      value: median * unit,
      low: min * unit,
      high: max * unit,
    }));
    return [{ label, points, quotient: row.quotients['builtin/ours'].median }];
  });
}

/**
 * The rates of the contenders, quickest first. `perSecond` is the number of time units of the row
 * in a second, divided by the unit of the rate.
 */
function rates(result, name, metric, perSecond) {
  const row = find(result, name, metric);
  if (row === undefined) return undefined;
  const beside = (other, contender) => {
    const found = find(result, name, other);
    return { value: found.contenders[contender].median, unit: found.unit };
  };
  return Object.entries(row.contenders)
    .filter(([contender]) => contender !== 'ours-callback') // the same pool, called otherwise
    .map(([contender, { median, min, max }]) => ({
      label: NAMES[contender] ?? contender,
      ours: OURS.has(contender),
      value: perSecond / median,
      low: perSecond / max,
      high: perSecond / min,
      p99: beside('p99', contender),
      rss: beside('rss', contender),
    }))
    .sort((a, b) => b.value - a.value);
}

/** Panels of rates; cases without results have none. */
function panels(result, titles, metric, perSecond) {
  return Object.entries(titles)
    .map(([name, title]) => ({ title, bars: rates(result, name, metric, perSecond) }))
    .filter(({ bars }) => bars !== undefined);
}

const tasks = (result) => panels(result, TASKS, 'burst', 1e3);

function requests(result) {
  const names = result.rows
    .filter(({ metric }) => metric === 'time')
    .map(({ name, title }) => [name, title]);
  return panels(result, Object.fromEntries(names), 'time', 1e6);
}

module.exports = { NAMES, operations, tasks, requests };
