'use strict';

// node benchmark/trace/index.js [--node <path> ...] [--only <case,...>] [--rounds <n>]
// What a program costs under `async-hooks-rs trace`: README.md describes the cases.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { installLocked } = require('../../scripts/npm.js');
const { number, parse } = require('../command-line.js');
const { rotated } = require('../processes.js');
const { rows } = require('../quotients.js');
const { report, start } = require('../report.js');
const { cases } = require('./cases.js');

const ROUNDS = 3;
const STARTS = 5; // in each round

const SERVICE = path.join(__dirname, '..', 'service');

const ABOUT = `# Cost of the program when it is traced, divided by its cost alone: median (quartiles).
# Only the quotients mean anything; the values beside them depend on the machine.`;

const measures = {
  /** Servers of all contenders side by side. */
  async serve(node, subject, rounds) {
    // Here, because the client may not have been installed before.
    const { measure } = require('../service/rounds.js');
    return (await measure(node, subject, rounds)).samples;
  },

  /** Fresh processes, one after the other. */
  async start(node, subject, rounds) {
    const samples = [];
    for (let round = 0; round < rounds * STARTS; round++) {
      const sample = {};
      for (const contender of rotated(subject.contenders, round)) {
        const { args, env } = subject.command(contender);
        const { stdout } = await promisify(execFile)(node, args, { env });
        for (const [metric, value] of Object.entries(JSON.parse(stdout))) {
          sample[metric] ??= {};
          sample[metric][contender] = value;
        }
      }
      samples.push(sample);
    }
    return samples;
  },
};

function selected(wanted) {
  const known = cases.map(({ name }) => name);
  for (const name of wanted) {
    if (known.includes(name)) continue;
    throw new RangeError(`--only must be of ${known.join(', ')}. Received '${name}'`);
  }
  return cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
}

async function main() {
  const { nodes, only, rounds } = parse(ROUNDS);
  const subjects = selected(only);
  if (!fs.existsSync(path.join(SERVICE, 'node_modules'))) installLocked(SERVICE);
  for (const node of nodes) {
    const { stdout } = await promisify(execFile)(node, ['--version']);
    const complete = await report(
      {
        heading: `trace benchmark: Node ${stdout.trim()}, ${rounds} rounds`,
        about: ABOUT,
        widths: [8, 5, 13, 5, 13],
        quantity: ({ unit }, value) => `${number(value)} ${unit}`,
      },
      subjects.map((subject) => ({
        name: subject.name,
        measure: async () => ({
          rows: rows(subject, await measures[subject.kind](node, subject, rounds)),
        }),
      })),
    );
    if (!complete) process.exitCode = 1;
  }
}

start(main);
