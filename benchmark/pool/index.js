'use strict';

// node benchmark/pool/index.js [--node <path> ...] [--only <case,...>] [--against <contender,...>]
//   [--threads <n,...>] [--rounds <n>] [--json] [--list]
// What the cases are and how the quotients are formed: README.md.

const { existsSync } = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { list, positive, number } = require('../command-line.js');
const { runScript } = require('../processes.js');
const { rows } = require('../quotients.js');
const { cases } = require('./cases.js');
const { measure } = require('./rounds.js');

const ROUNDS = 5;
const THREADS = '1,2';

const ABOUT = `# Cost of one contender divided by another's: median (quartiles) of rounds.
# raw/ours: how many times as fast ours is; ours-timeout/ours: how many times as long it takes.
# Only the quotients mean anything; the values beside them depend on the machine and its load.`;

const VERSION = 'console.log(JSON.stringify(process.version))';

function options() {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', multiple: true, default: [process.execPath] },
      only: { type: 'string', multiple: true, default: [] },
      against: { type: 'string', multiple: true, default: [] },
      threads: { type: 'string', default: THREADS },
      rounds: { type: 'string', default: `${ROUNDS}` },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  return {
    nodes: values.node,
    selected: select(list(values.only), list(values.against)),
    threads: values.threads.split(',').map((value) => positive('--threads', value)),
    rounds: positive('--rounds', values.rounds),
    json: values.json,
    list: values.list,
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
    .map((subject) => peers.length === 0 ? subject : withPeers(subject, peers))
    .filter(({ quotients }) => quotients.length > 0);
}

function withPeers(subject, peers) {
  const quotients = subject.quotients.filter(([first]) => peers.includes(first));
  return { ...subject, quotients, contenders: [...new Set(quotients.flat())] };
}

// A burst is known by its rate; the quotient is of the times all the same.
function quantity({ metric, unit }, value) {
  return metric === 'burst' ? `${number(1e3 / value)}k/s` : `${number(value)} ${unit}`;
}

function line(row) {
  const values = Object.entries(row.values)
    .map(([contender, value]) => `${contender} ${quantity(row, value)}`).join(', ');
  return [
    row.case.padEnd(11),
    row.metric.padEnd(7),
    row.quotient.padEnd(24),
    number(row.median).padStart(6),
    `(${number(row.q1)}..${number(row.q3)})`.padEnd(15),
    values,
  ].join(' ');
}

/** Measures one case; its rows carry the number of threads in their name. */
async function rowsOf(node, subject, threads, rounds) {
  subject.prepare?.();
  const samples = await measure(node, subject, threads, rounds);
  return rows({ ...subject, name: `${subject.name}/${threads}` }, samples);
}

/** Measures the cases with one Node; returns whether all of them ran. */
async function run(node, { selected, threads, rounds, json }) {
  const version = await runScript(node, ['-e', VERSION]);
  const results = [];
  const failures = [];
  if (!json) {
    console.log(`# async-hooks-rs pool benchmark: ${version}, ${rounds} rounds`);
    if (process.env.NODE_OPTIONS) console.log(`# NODE_OPTIONS=${process.env.NODE_OPTIONS}`);
    console.log(ABOUT);
  }
  for (const count of threads) {
    for (const subject of selected) {
      try {
        const measured = await rowsOf(node, subject, count, rounds);
        results.push(...measured);
        if (!json) for (const row of measured) console.log(line(row));
      } catch (error) {
        failures.push({ case: subject.name, threads: count, error: error.message });
        if (!json) console.log(`${subject.name}/${count} failed: ${error.message}`);
      }
    }
  }
  if (json) console.log(JSON.stringify({ version, rounds, results, failures }));
  return failures.length === 0;
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
    if (!await run(node, chosen)) process.exitCode = 1;
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
