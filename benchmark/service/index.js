'use strict';

// node benchmark/service/index.js [--node <path> ...] [--only <framework,...>] [--rounds <n>]
// [--storages <n,...>] [--results <folder>] README.md describes the apps and the quotients.

const { existsSync } = require('node:fs');
const path = require('node:path');
const { parse, list, positive, number } = require('../command-line.js');
const { rows } = require('../quotients.js');
const { report, start } = require('../report.js');
const { describe } = require('../results.js');
const { REGISTER, frameworks, cases } = require('./cases.js');
const { NAMED } = require('./libraries.js');

const ROUNDS = 3;

const ABOUT = `# Cost of one contender divided by another's: median (quartiles) of turns.
# builtin/register: how many times as fast it is with register; x/none: how many times as long as
# untracked. Only the quotients mean anything; the values beside them depend on the machine.`;

function options() {
  const { only, storages, ...values } = parse(ROUNDS, {
    storages: { type: 'string', multiple: true, default: [`${NAMED}`] },
  });
  return { ...values, selected: cases(select(only), list(storages).map(atLeastNamed)) };
}

function select(wanted) {
  for (const name of wanted) {
    if (frameworks.includes(name)) continue;
    throw new RangeError(`--only must be of ${frameworks.join(', ')}. Received '${name}'`);
  }
  return wanted.length === 0 ? frameworks : wanted;
}

function atLeastNamed(value) {
  const count = positive('--storages', value);
  if (count >= NAMED) return count;
  throw new RangeError(`--storages must be at least ${NAMED}. Received '${value}'`);
}

// The table shows the rate of a server; its quotient is still one of times.
function quantity({ metric, unit }, value) {
  return metric === 'time' ? `${(1e6 / value).toFixed(0)}/s` : `${number(value)} ${unit}`;
}

/** The rows of an app; the note is the load of the client. */
async function rowsOf(node, subject, rounds) {
  // Here, because the client may not have been installed before.
  const { measure } = require('./rounds.js');
  const { samples, client } = await measure(node, subject, rounds);
  const shares = subject.contenders
    .map((contender) => `${contender} ${number(client[contender])}`)
    .join(', ');
  const note = `${subject.name}: processor time of the client by that of the server: ${shares}`;
  return { rows: rows(subject, samples), note };
}

/** Measures the apps with one Node; resolves to whether all of them ran. */
async function run(node, { selected, rounds, results }) {
  const facts = await describe('service', {
    node,
    rounds,
    args: ['--require', REGISTER],
    folder: __dirname,
  });
  return report(
    {
      heading: `service benchmark: Node ${facts.node}, engine ${facts.engine}, ${rounds} rounds`,
      about: ABOUT,
      results,
      facts,
      widths: [11, 5, 17, 5, 13],
      quantity,
    },
    selected.map((subject) => ({
      name: subject.name,
      measure: () => rowsOf(node, subject, rounds),
    })),
  );
}

async function main() {
  const chosen = options();
  if (!existsSync(path.join(__dirname, 'node_modules'))) {
    throw new Error(
      'the frameworks and the client are not installed: ' +
        'run `npm install --ignore-scripts` in benchmark/service',
    );
  }
  for (const node of chosen.nodes) {
    if (!(await run(node, chosen))) process.exitCode = 1;
  }
}

start(main);
