'use strict';

// node benchmark/guard.js [--node <major,...>] fails if something has become about twice as slow,
// against something else that takes its turns with it. Each bound is half of what was measured when
// it was set. A quotient below its bound is measured once more, by fresh processes: what else the
// machine does, does not come twice at the same place.

const { parseArgs } = require('node:util');
const { list, number, positive } = require('./command-line.js');
const { rows } = require('./quotients.js');
const { start } = require('./report.js');
const context = require('./cases/index.js');
const pool = require('./pool/cases.js');
const { measure } = require('./pool/rounds.js');
const { processorTime } = require('./rounds.js');
const { nodeVersions } = require('../scripts/node-versions.js');

// One per way to carry the context: hooks, V8's slot with hooks, frames.
const NODES = ['20', '22', '24'];

const THREADS = 1;

/** The least quotients, by version of Node: the first contender's cost by the second's. */
const bounds = [
  { name: 'getStore-1', pair: ['builtin', 'ours'], least: { 20: 0.7, 22: 1.4, 24: 2, 26: 2.2 } },
  { name: 'run-1', pair: ['builtin', 'ours'], least: { 20: 0.3, 22: 0.75, 24: 18, 26: 13 } },
  { name: 'snapshot-call', pair: ['builtin', 'ours'], least: { 20: 12, 22: 35, 24: 35, 26: 30 } },
  { name: 'await-1', pair: ['none', 'ours'], least: { 20: 0.3, 22: 0.5, 24: 0.5, 26: 0.5 } },
  { name: 'tiny', pair: ['raw', 'ours'], least: { 20: 1.3, 22: 1.2, 24: 1.4, 26: 1.4 } },
];

/** One measurement of a quotient of processor times. */
async function quotient(node, { name, pair }) {
  const inPool = pool.cases.find((each) => each.name === name);
  const subject = inPool ?? context.cases.find((each) => each.name === name);
  const only = { ...subject, contenders: pair, quotients: [pair] };
  const samples =
    inPool === undefined ? await processorTime(node, only) : await measure(node, only, THREADS, 1);
  const { quotients } = rows(only, samples).find(({ metric }) => metric === 'cpu');
  return quotients[pair.join('/')].median;
}

/** Whether the quotient keeps its bound, at the second attempt if not at the first. */
async function keeps(major, node, bound) {
  const least = bound.least[major];
  const measured = [];
  do measured.push(await quotient(node, bound));
  while (measured.at(-1) < least && measured.length < 2);
  const kept = measured.at(-1) >= least;
  console.log(
    [
      `Node ${major}`,
      bound.name.padEnd(13),
      bound.pair.join('/').padEnd(12),
      measured.map(number).join(', then ').padEnd(16),
      `at least ${least}${kept ? '' : ': TOO SLOW'}`,
    ].join('  '),
  );
  return kept;
}

async function main() {
  const { values } = parseArgs({
    options: { node: { type: 'string', multiple: true, default: NODES } },
  });
  const majors = list(values.node).map((value) => positive('--node', value));
  for (const [major, node] of nodeVersions(majors)) {
    for (const bound of bounds) {
      if (!(await keeps(major, node, bound))) process.exitCode = 1;
    }
  }
}

start(main);
