'use strict';

// node benchmark/index.js [--node <path> ...] [--only <case,...>] [--rounds <n>] [--json] [--list]
// README.md describes the cases and the quotients.

const { PACKAGE } = require('./contender.js');
const { cases } = require('./cases/index.js');
const { parse, number } = require('./command-line.js');
const { runScript } = require('./processes.js');
const { measure } = require('./rounds.js');
const { rows } = require('./quotients.js');
const { report, start } = require('./report.js');

const ROUNDS = 7;

const ABOUT = `# Time or memory of one contender divided by another's: median (quartiles) of rounds.
# builtin/ours: how many times as fast ours is; x/none: how many times as long as untracked.
# Only the quotients mean anything; the values beside them depend on the machine and its load.`;

const DESCRIBE = `const { engine } = require(${JSON.stringify(PACKAGE)});
console.log(JSON.stringify({ version: process.version, engine: engine().name }));`;

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
async function run(node, { selected, rounds, json }) {
  const { version, engine } = await runScript(node, ['-e', DESCRIBE]);
  return report({
    heading: `benchmark: ${version}, engine ${engine}, ${rounds} rounds`,
    about: ABOUT,
    json,
    facts: { version, engine, rounds },
    widths: [20, 7, 13, 7, 17],
    quantity: ({ unit }, value) => `${number(value)} ${unit}`,
  }, selected.map((subject) => ({
    name: subject.name,
    measure: async () => ({ rows: rows(subject, await measure(node, subject, rounds)) }),
  })));
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

start(main);
