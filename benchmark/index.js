'use strict';

// node benchmark/index.js [--node <path> ...] [--only <case,...>] [--rounds <n>] [--json] [--list]
// What the cases are and how the quotients are formed: README.md.

const { parseArgs } = require('node:util');
const { PACKAGE } = require('./contender.js');
const { cases } = require('./cases/index.js');
const { list, positive, number } = require('./command-line.js');
const { runScript } = require('./processes.js');
const { measure } = require('./rounds.js');
const { rows } = require('./quotients.js');

const ROUNDS = 7;

const ABOUT = `# Time or memory of one contender divided by another's: median (quartiles) of rounds.
# builtin/ours: how many times as fast ours is; x/none: how many times as long as untracked.
# Only the quotients mean anything; the values beside them depend on the machine and its load.`;

const DESCRIBE = `const { engine } = require(${JSON.stringify(PACKAGE)});
console.log(JSON.stringify({ version: process.version, engine: engine().name }));`;

function options() {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', multiple: true, default: [process.execPath] },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: `${ROUNDS}` },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  return {
    nodes: values.node,
    selected: select(list(values.only)),
    rounds: positive('--rounds', values.rounds),
    json: values.json,
    list: values.list,
  };
}

// By full name, or by the part before a dash: `await` is await-1 and await-10.
function select(wanted) {
  if (wanted.length === 0) return cases;
  const matches = (subject, name) => subject.name === name || subject.name.startsWith(`${name}-`);
  for (const name of wanted) {
    if (!cases.some((subject) => matches(subject, name))) {
      throw new RangeError(`--only names no case: '${name}'. See --list`);
    }
  }
  return cases.filter((subject) => wanted.some((name) => matches(subject, name)));
}

function line(row) {
  const values = Object.entries(row.values)
    .map(([contender, value]) => `${contender} ${number(value)}`).join(', ');
  return [
    row.case.padEnd(20),
    row.metric.padEnd(7),
    row.quotient.padEnd(13),
    number(row.median).padStart(7),
    `(${number(row.q1)}..${number(row.q3)})`.padEnd(17),
    `${values} ${row.unit}`,
  ].join(' ');
}

/** Measures the cases with one Node; returns whether all of them ran. */
async function run(node, { selected, rounds, json }) {
  const { version, engine } = await runScript(node, ['-e', DESCRIBE]);
  const results = [];
  const failures = [];
  if (!json) {
    console.log(`# async-hooks-rs benchmark: ${version}, engine ${engine}, ${rounds} rounds`);
    if (process.env.NODE_OPTIONS) console.log(`# NODE_OPTIONS=${process.env.NODE_OPTIONS}`);
    console.log(ABOUT);
  }
  for (const subject of selected) {
    try {
      const measured = rows(subject, await measure(node, subject, rounds));
      results.push(...measured);
      if (!json) for (const row of measured) console.log(line(row));
    } catch (error) {
      failures.push({ case: subject.name, error: error.message });
      if (!json) console.log(`${subject.name.padEnd(20)} failed: ${error.message}`);
    }
  }
  if (json) console.log(JSON.stringify({ version, engine, rounds, results, failures }));
  return failures.length === 0;
}

async function main() {
  const chosen = options();
  if (chosen.list) {
    for (const { name, title } of chosen.selected) console.log(`${name.padEnd(20)} ${title}`);
    return;
  }
  for (const node of chosen.nodes) {
    if (!await run(node, chosen)) process.exitCode = 1;
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
