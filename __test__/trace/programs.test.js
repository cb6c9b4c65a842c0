'use strict';

// Small programs that lose context, and ones that do not, by themselves and under the finder. Each
// says in its comments what is true of it (programs/truth.js).

const { describe, it } = require('node:test');
const path = require('node:path');
const judge = require('./programs/judge.js');
const { CLASSES, runProgram, runTraced } = require('./programs/run.js');
const { programsIn } = require('./programs/truth.js');

const broken = programsIn(path.join(__dirname, 'programs', 'broken'));
const healthy = programsIn(path.join(__dirname, 'programs', 'healthy'));

const [BUILT_IN] = CLASSES;

// The runs of the broken programs with the built-in classes, which two tests look at.
const tracedRuns = new Map();

/** @returns {ReturnType<typeof runTraced>} */
function tracedRun(program) {
  if (!tracedRuns.has(program)) tracedRuns.set(program, runTraced(program, program.truth.options));
  return tracedRuns.get(program);
}

describe('what the programs do', { concurrency: 2 }, () => {
  for (const classes of CLASSES) {
    for (const program of broken) {
      it(`${program.name} reads wrong, ${classes}`, async () => {
        judge.assertReadsWrong(await runProgram(program, { classes }), program);
      });
    }
    for (const program of healthy) {
      it(`${program.name} reads right, ${classes}`, async () => {
        judge.assertReadsRight(await runProgram(program, { classes }));
      });
    }
  }
});

describe('what the finder says of them', { concurrency: 2 }, () => {
  for (const classes of CLASSES) {
    for (const program of broken) {
      const { kind, options } = program.truth;
      it(`${program.name}: ${kind}, ${classes}`, async () => {
        const run =
          classes === BUILT_IN
            ? await tracedRun(program)
            : await runTraced(program, options, { classes });
        judge.assertReadsWrong(run, program);
        judge.expectedFindings(run, program);
      });
    }
    for (const program of healthy) {
      it(`${program.name}: nothing certain, ${classes}`, async () => {
        const run = await runTraced(program, { possible: true }, { classes });
        judge.assertReadsRight(run);
        judge.expectedFindings(run, program);
      });
    }
  }
});

describe('the mends that it names', { concurrency: 2 }, () => {
  for (const program of broken.filter(({ truth }) => truth.mend === 'proven')) {
    it(`${program.name}: every read is right`, async () => {
      const found = judge.expectedFindings(await tracedRun(program), program);
      judge.assertMended(await runTraced(program, judge.mending(found)));
    });
  }
});
