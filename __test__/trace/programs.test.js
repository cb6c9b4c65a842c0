'use strict';

// Small programs that lose context, and ones that do not, by themselves and under the finder. Each
// says in its comments what is true of it (programs/truth.js).

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { runProgram, runTraced } = require('./programs/run.js');
const { programsIn } = require('./programs/truth.js');

const broken = programsIn(path.join(__dirname, 'programs', 'broken'));
const healthy = programsIn(path.join(__dirname, 'programs', 'healthy'));
const CLASSES = [
  { title: "Node's classes", ours: false },
  { title: 'our classes', ours: true },
];

const wrong = ({ reads }) => reads.filter(([expected, got]) => expected !== got);
const brief = ({ read, made, ranBy, rule, kind, certain, sentence }) => ({
  read: read?.line,
  made: made?.line,
  ranBy: ranBy?.line,
  rule,
  kind,
  certain,
  sentence,
});

function assertEnded(run) {
  assert.equal(run.code, 0, `${run.stdout}\n${run.stderr}`);
  assert.ok(run.reads.length > 0, `no reads: ${run.stdout}\n${run.stderr}`);
}

/** What a store of another, or none, looks like to the program itself. */
function assertKind(kind, reads) {
  const lost = reads.filter(([, got]) => got === null);
  if (kind === 'lost' || kind === 'twins') assert.ok(lost.length > 0, JSON.stringify(reads));
  else if (kind !== 'unseen') assert.ok(lost.length < reads.length, JSON.stringify(reads));
}

function assertPlace(place, lines, file, name) {
  assert.equal(place?.file, file, `${name}: ${JSON.stringify(place)}`);
  assert.ok(lines.includes(place.line), `${name}: line ${place.line}, not one of ${lines}`);
}

function assertFinding(finding, { file, truth }) {
  assert.equal(finding.kind, truth.kind);
  assert.ok(truth.rules.includes(finding.rule), finding.rule);
  assertPlace(finding.read, truth.lines.read, file, 'read');
  if (truth.lines.made.length > 0) assertPlace(finding.made, truth.lines.made, file, 'made');
  // What Node itself runs has no line of the program.
  if (truth.lines.ran.length > 0) assertPlace(finding.ranBy, truth.lines.ran, file, 'ran by');
}

/** Those of the kind and the certainty that the program expects. */
function expectedFindings({ findings }, { truth }) {
  const found = findings.filter(
    ({ certain, rule }) => certain === truth.certain && truth.rules.includes(rule),
  );
  assert.ok(found.length > 0, JSON.stringify(findings.map(brief), null, 2));
  return found;
}

/** The mends of findings, and their reads to watch, for another run. */
function mending(findings) {
  const place = ({ file, line, column }) => ({ file, line, column });
  return {
    mends: findings.map(({ mend }) => place(mend.place)),
    watch: findings.map(({ read }) => place(read)),
  };
}

describe('what the programs do', { concurrency: 2 }, () => {
  for (const { title, ours } of CLASSES) {
    for (const program of broken) {
      it(`${program.name} reads wrong with ${title}`, async () => {
        const run = await runProgram(program, { ours });
        assertEnded(run);
        assertKind(program.truth.kind, wrong(run));
      });
    }
    for (const program of healthy) {
      it(`${program.name} reads right with ${title}`, async () => {
        const run = await runProgram(program, { ours });
        assertEnded(run);
        assert.deepEqual(wrong(run), []);
      });
    }
  }
});

describe('what the finder says of them', { concurrency: 2 }, () => {
  for (const { title, ours } of CLASSES) {
    for (const program of broken) {
      const { truth } = program;
      it(`${program.name} with ${title}: ${truth.kind}`, async () => {
        const run = await runTraced(program, truth.options, { ours });
        assertEnded(run);
        assert.ok(wrong(run).length > 0, 'it still reads wrong');
        const certain = run.findings.filter((finding) => finding.certain);
        if (!truth.certain) assert.deepEqual(certain.map(brief), []);
        if (truth.kind === 'unseen') return;
        for (const finding of expectedFindings(run, program)) assertFinding(finding, program);
      });
    }
    for (const program of healthy) {
      it(`${program.name} with ${title}: nothing certain`, async () => {
        const run = await runTraced(program, { possible: true }, { ours });
        assertEnded(run);
        assert.deepEqual(wrong(run), []);
        const certain = run.findings.filter((finding) => finding.certain);
        assert.deepEqual(certain.map(brief), []);
      });
    }
  }
});

describe('the mends that it names', { concurrency: 2 }, () => {
  for (const program of broken.filter(({ truth }) => truth.mend === 'proven')) {
    it(`${program.name}: every read is right`, async () => {
      const before = await runTraced(program, program.truth.options);
      const certain = expectedFindings(before, program);
      const after = await runTraced(program, mending(certain));
      assertEnded(after);
      assert.deepEqual(wrong(after), []);
      assert.deepEqual(after.findings.map(brief), []);
      for (const { watched } of after.reports[0].processes) {
        assert.ok(
          watched.some(({ reads }) => reads > 0),
          JSON.stringify(watched),
        );
        assert.ok(
          watched.every(({ wrong: left }) => left === 0),
          JSON.stringify(watched),
        );
      }
    });
  }
});
