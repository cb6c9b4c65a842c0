'use strict';

// `npm run test:trace-packages`: programs with published packages, at versions that lose context
// and at versions that keep it, by themselves and under the finder, on every version of Node. The
// first run installs the packages. `--only <text>` picks programs, `--node 20,24` versions,
// `--classes ours` the runs with our classes.

const path = require('node:path');
const { parseArgs } = require('node:util');
const { nodeVersions, supported } = require('../../../scripts/node-versions.js');
const { installLocked } = require('../../../scripts/npm.js');
const judge = require('../programs/judge.js');
const { CLASSES, runProgram, runTraced } = require('../programs/run.js');
const { programsIn } = require('../programs/truth.js');

const PARALLEL_RUNS = 2;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    node: { type: 'string', default: supported.join() },
    classes: { type: 'string', default: CLASSES.join() },
  },
});

const programsOf = (kind, major) =>
  programsIn(path.join(__dirname, 'programs', kind), major).map((program) => ({
    ...program,
    kind,
  }));

async function judgeBroken(program, how) {
  judge.assertReadsWrong(await runProgram(program, how), program);
  const run = await runTraced(program, program.truth.options, how);
  judge.assertReadsWrong(run, program);
  const found = judge.expectedFindings(run, program);
  if (program.truth.mend !== 'proven') return;
  judge.assertMended(await runTraced(program, judge.mending(found), how));
}

async function judgeHealthy(program, how) {
  judge.assertReadsRight(await runProgram(program, how));
  const run = await runTraced(program, { possible: true }, how);
  judge.assertReadsRight(run);
  judge.expectedFindings(run, program);
}

/** What is wrong, in words, or nothing. */
async function problem({ program, node, classes }) {
  try {
    const judgeOne = program.kind === 'broken' ? judgeBroken : judgeHealthy;
    await judgeOne(program, { node, classes });
    return undefined;
  } catch (error) {
    return error.message;
  }
}

async function main() {
  installLocked(__dirname);
  const binaries = nodeVersions(options.node.split(',').map(Number));
  const waiting = [...binaries].flatMap(([major, node]) =>
    [...programsOf('broken', major), ...programsOf('healthy', major)]
      .filter(({ name }) => name.includes(options.only))
      .flatMap((program) =>
        options.classes.split(',').map((classes) => ({ program, major, node, classes })),
      ),
  );
  if (waiting.length === 0) throw new Error('no program is for these options');
  const count = waiting.length;
  let failed = 0;
  const work = async () => {
    while (waiting.length > 0) {
      const run = waiting.shift();
      const { program, major, classes } = run;
      const found = await problem(run);
      const word = found === undefined ? 'passed' : 'FAILED';
      console.log(`${word}  ${program.kind}/${program.name}, Node ${major}, ${classes}`);
      if (found === undefined) continue;
      failed++;
      console.log(found.replace(/^/gm, '    '));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_RUNS }, work));
  console.log(`\n${count - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(`test:trace-packages: ${error.message}`);
  process.exitCode = 1;
});
