'use strict';

// Compares what a program read, and what the finder said of it, with the truth in its comments.

const assert = require('node:assert/strict');
const path = require('node:path');

/** The reads that found something else than was expected. */
const wrong = ({ reads }) => reads.filter(([expected, got]) => expected !== got);

const place = (at) => at && `${at.file}:${at.line}`;
const brief = ({ kind, rule, certain, read, made, ranBy, sentence }) => ({
  kind,
  rule,
  certain,
  read: place(read),
  made: place(made),
  ranBy: place(ranBy),
  sentence,
});
const certainOf = ({ findings }) => findings.filter(({ certain }) => certain);

function assertEnded(run) {
  assert.equal(run.code, 0, `${run.stdout}\n${run.stderr}`);
  assert.ok(run.reads.length > 0, `no reads: ${run.stdout}\n${run.stderr}`);
}

/** That a broken program reads none, or another's, as it says. */
function assertReadsWrong(run, { truth: { kind } }) {
  assertEnded(run);
  const reads = wrong(run);
  const lost = reads.filter(([, got]) => got === null);
  assert.ok(reads.length > 0, JSON.stringify(run.reads));
  if (kind === 'lost' || kind === 'twins') assert.equal(lost.length, reads.length);
  else if (kind !== 'unseen') assert.equal(lost.length, 0, JSON.stringify(reads));
}

function assertReadsRight(run) {
  assertEnded(run);
  assert.deepEqual(wrong(run), []);
}

/** The places of one name: lines of the program, and of packages. */
function placesOf({ file, truth }, name) {
  return [...truth.lines[name].map((line) => `${file}:${line}`), ...(truth.packages[name] ?? [])];
}

function assertPlace(finding, name, program) {
  const allowed = placesOf(program, name);
  // What Node itself runs has no line of the program.
  if (allowed.length === 0) return;
  const found = place(finding[name === 'ran' ? 'ranBy' : name]) ?? 'nowhere';
  const known = allowed.some((one) => found === one || found.endsWith(path.normalize(one)));
  assert.ok(known, `${name}: ${found}\n${JSON.stringify(brief(finding), null, 2)}`);
}

/**
 * The findings that the program expects. Fails if there is none, if one is at another place or of
 * another kind, or if one is certain that should not be.
 */
function expectedFindings(run, program) {
  const { truth } = program;
  if (!truth.certain) assert.deepEqual(certainOf(run).map(brief), []);
  if (truth.kind === 'unseen' || truth.kind === 'none') return [];
  const found = run.findings.filter(({ certain, rule }) =>
    truth.certain ? certain : truth.rules.includes(rule),
  );
  assert.ok(found.length > 0, JSON.stringify(run.findings.map(brief), null, 2));
  for (const finding of found) {
    assert.equal(finding.kind, truth.kind, JSON.stringify(brief(finding), null, 2));
    assert.ok(truth.rules.includes(finding.rule), JSON.stringify(brief(finding), null, 2));
    for (const name of ['read', 'made', 'ran']) assertPlace(finding, name, program);
  }
  return found;
}

/** The options of a run in which the findings are mended, and their reads watched. */
function mending(findings) {
  const bare = ({ file, line, column }) => ({ file, line, column });
  return {
    mends: findings.map(({ mend }) => bare(mend.place)),
    watch: findings.map(({ read }) => bare(read)),
  };
}

/** That every read of a mended run is right, by the program's account and by the finder's. */
function assertMended(run) {
  assertReadsRight(run);
  assert.deepEqual(certainOf(run).map(brief), []);
  const watched = run.reports.flatMap(({ processes }) => processes.flatMap((one) => one.watched));
  assert.ok(
    watched.some(({ reads }) => reads > 0),
    JSON.stringify(watched),
  );
  assert.ok(
    watched.every((at) => at.wrong === 0),
    JSON.stringify(watched),
  );
}

module.exports = { assertMended, assertReadsRight, assertReadsWrong, expectedFindings, mending };
