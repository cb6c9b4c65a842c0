'use strict';

// node benchmark/pool/index.js [--node <path> ...] [--only <case,...>] [--against <contender,...>]
// [--threads <n,...>] [--rounds <n>] [--results <folder>] [--list] README.md describes the cases
// and the quotients.

const { existsSync } = require('node:fs');
const path = require('node:path');
const { parse, list, positive, number } = require('../command-line.js');
const { rows } = require('../quotients.js');
const { report, start } = require('../report.js');
const { describe } = require('../results.js');
const { cases } = require('./cases.js');
const { measure } = require('./rounds.js');

const ROUNDS = 5;
const THREADS = ['1', '2'];

const ABOUT = `# Cost of one contender divided by another's: median (quartiles) of rounds.
# raw/ours: how many times as fast ours is; ours-timeout/ours: how many times as long it takes.
# Only the quotients mean anything; the values beside them depend on the machine and its load.`;

function options() {
  const { only, against, threads, ...values } = parse(ROUNDS, {
    against: { type: 'string', multiple: true, default: [] },
    threads: { type: 'string', multiple: true, default: THREADS },
    list: { type: 'boolean', default: false },
  });
  return {
    ...values,
    selected: select(only, list(against)),
    threads: list(threads).map((value) => positive('--threads', value)),
  };
}

// Cases by full name, or by the part before a dash: `busy` is busy-10 and busy-100. Of each, the
// quotients whose first is one of `peers`.
function select(wanted, peers) {
  const matches = (subject, name) => subject.name === name || subject.name.startsWith(`${name}-`);
  for (const name of wanted) {
    if (!cases.some((subject) => matches(subject, name))) {
      throw new RangeError(`--only names no case: '${name}'. See --list`);
    }
  }
  for (const peer of peers) {
    if (!cases.some(({ quotients }) => quotients.some(([first]) => first === peer))) {
      throw new RangeError(`--against names no contender: '${peer}'. See --list`);
    }
  }
  return cases
    .filter((subject) => wanted.length === 0 || wanted.some((name) => matches(subject, name)))
    .map((subject) => (peers.length === 0 ? subject : withPeers(subject, peers)))
    .filter(({ quotients }) => quotients.length > 0);
}

function withPeers(subject, peers) {
  const quotients = subject.quotients.filter(([first]) => peers.includes(first));
  return { ...subject, quotients, contenders: [...new Set(quotients.flat())] };
}

// The table shows the rate of a burst; its quotient is still one of times.
function quantity({ metric, unit }, value) {
  return metric === 'burst' ? `${number(1e3 / value)}k/s` : `${number(value)} ${unit}`;
}

/** Measures one case; its rows carry the number of threads in their name. */
async function rowsOf(node, subject, threads, rounds) {
  subject.prepare?.();
  const samples = await measure(node, subject, threads, rounds);
  return rows({ ...subject, name: `${subject.name}/${threads}` }, samples);
}

/** Measures the cases with one Node; resolves to whether all of them ran. */
async function run(node, { selected, threads, rounds, results }) {
  const facts = await describe('pool', { node, rounds, folder: __dirname });
  return report(
    {
      heading: `pool benchmark: Node ${facts.node}, ${rounds} rounds`,
      about: ABOUT,
      results,
      facts,
      widths: [11, 7, 24, 6, 15],
      quantity,
    },
    runs(selected, threads).map(([subject, count]) => ({
      name: `${subject.name}/${count}`,
      measure: async () => ({ rows: await rowsOf(node, subject, count, rounds) }),
    })),
  );
}

/** The cases with each number of threads. Those with a number of their own come last, once. */
function runs(selected, threads) {
  const free = selected.filter((subject) => subject.threads === undefined);
  const fixed = selected.filter((subject) => subject.threads !== undefined);
  return [
    ...threads.flatMap((count) => free.map((subject) => [subject, count])),
    ...fixed.map((subject) => [subject, subject.threads]),
  ];
}

async function main() {
  const chosen = options();
  if (chosen.list) {
    for (const { name, title, contenders } of chosen.selected) {
      console.log(`${name.padEnd(11)} ${title} (${contenders.join(', ')})`);
    }
    return;
  }
  if (!existsSync(path.join(__dirname, 'node_modules'))) {
    throw new Error('the other pools are not installed: run `npm install` in benchmark/pool');
  }
  for (const node of chosen.nodes) {
    if (!(await run(node, chosen))) process.exitCode = 1;
  }
}

start(main);
