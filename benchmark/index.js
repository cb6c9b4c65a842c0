'use strict';

// node benchmark/index.js [--node <path> ...] [--only <case,...>] [--rounds <n>]
// [--results <folder>] [--list] README.md describes the cases and the quotients.

const { cases } = require('./cases/index.js');
const { parse, number } = require('./command-line.js');
const { measure } = require('./rounds.js');
const { rows } = require('./quotients.js');
const { report, start } = require('./report.js');
const { describe } = require('./results.js');

const ROUNDS = 7;

const ABOUT = `# Time or memory of one contender divided by another's: median (quartiles) of rounds.
# builtin/ours: how many times as fast ours is; x/none: how many times as long as untracked.
# Only the quotients mean anything; the values beside them depend on the machine and its load.`;

function options() {
  const { only, ...values } = parse(ROUNDS, { list: { type: 'boolean', default: false } });
  return { ...values, selected: select(only) };
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

/** Measures the cases with one Node; resolves to whether all of them ran. */
async function run(node, { selected, rounds, results }) {
  const facts = await describe('context', { node, rounds });
  return report(
    {
      heading: `benchmark: Node ${facts.node}, engine ${facts.engine}, ${rounds} rounds`,
      about: ABOUT,
      results,
      facts,
      widths: [20, 7, 13, 7, 17],
      quantity: ({ unit }, value) => `${number(value)} ${unit}`,
    },
    selected.map((subject) => ({
      name: subject.name,
      measure: async () => ({ rows: rows(subject, await measure(node, subject, rounds)) }),
    })),
  );
}

async function main() {
  const chosen = options();
  if (chosen.list) {
    for (const { name, title } of chosen.selected) console.log(`${name.padEnd(20)} ${title}`);
    return;
  }
  for (const node of chosen.nodes) {
    if (!(await run(node, chosen))) process.exitCode = 1;
  }
}

start(main);
