'use strict';

// Reports: their file, several as one, and their forms.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { loadTraceAddon } = require('../../../lib/package/trace-addon.js');
const { kinds } = require('../../../lib/trace/event-kinds.js');

const addon = loadTraceAddon();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trace-reports-'));
const app = path.join(folder, 'app.js');
const file = path.join(folder, 'process.jsonl');
const invalid = (message) => ({ code: 'InvalidArg', message });
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

const SOURCE = `const requests = new AsyncLocalStorage();
requests.run({ id: 'a' }, () => {
  pool.query(sql, () => {
    log(requests.getStore());
  });
});
`;

function lines() {
  const text = fs.readFileSync(file, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** A program whose pool runs a callback in another context. */
function record() {
  fs.writeFileSync(app, SOURCE);
  addon.start(JSON.stringify({ pid: 7, argv: ['node', app], cwd: folder, node: 'v24.0.0', file }));
  const thread = addon.attach();
  const [created, entered, made, read, by] = [
    addon.place(app, 1, 18, ''),
    addon.place(app, 2, 10, ''),
    addon.place(app, 3, 19, 'onRow'),
    addon.place(app, 4, 18, 'onRow'),
    addon.place('node:net', 9, 1, 'read'),
  ];
  const words = new Uint32Array([
    ...[kinds.STORAGE, 1, 0, 0, 0, created, 0, 0],
    ...[kinds.ENTER, 1, 0, 1, 0, entered, 1, 1],
    ...[kinds.LEAVE, 1, 0, 0, 0, 0, 2, 0],
    ...[kinds.CROSSED, 1, 1, by, 0, made, 3, 0],
  ]);
  addon.hand(thread, words, words.length, ["1 { id: 'a' }"]);
  addon.evidence(thread, JSON.stringify({ type: 'storage', id: 1, name: 'requests' }));
  const where = { storage: 1, read, via: 0, expected: 1, actual: 0, made, ranBy: by };
  const what = { madeAs: 'function', instance: `1:${made}`, foreign: 1, registered: 0 };
  const finding = { type: 'finding', rule: 'birth', ...where, ...what, ranIn: null };
  addon.evidence(thread, JSON.stringify(finding));
  addon.evidence(thread, JSON.stringify(finding));
  return thread;
}

const thread = record();
const text = addon.report(thread, true);
const report = JSON.parse(text);
const [finding] = report.findings;

test('a finding says what happened, and its places have their code', () => {
  assert.equal(
    finding.sentence,
    'requests.getStore() at app.js:4 gave undefined, because the function onRow, made at ' +
      "app.js:3 in the context of { id: 'a' }, was run by read (node:net:9) outside of any " +
      'context.',
  );
  const { certain, kind, count, madeAs, actual, ranBy } = finding;
  assert.deepEqual(
    { certain, kind, count, madeAs, actual },
    { certain: true, kind: 'lost', count: 2, madeAs: 'function', actual: null },
  );
  assert.deepEqual(ranBy, {
    ...{ file: 'node:net', line: 9, column: 1, function: 'read', package: null, code: [] },
  });
  assert.deepEqual(
    finding.made.code.map(({ line, mark }) => [line, mark]),
    [1, 2, 3, 4, 5].map((line) => [line, line === 3]),
  );
});

test('the mend is a change of the source that can be put in', () => {
  const { how, before, after, place, note } = finding.mend;
  assert.equal(how, 'bind function');
  assert.equal(before, '  pool.query(sql, () => {\n  });');
  assert.equal(after, '  pool.query(sql, AsyncLocalStorage.bind(() => {\n  }));');
  assert.deepEqual([place.line, place.column, note], [3, 19, null]);
});

test('the context, its run and the crossing are in the picture', () => {
  const [context] = report.contexts;
  assert.deepEqual(
    [context.id, context.preview, context.entered.line, context.over],
    [1, "{ id: 'a' }", 2, false],
  );
  assert.deepEqual(
    report.runs.map(({ ctx, from, to, what }) => ({ ctx, from, to, what })),
    [{ ctx: 1, from: 1, to: 2, what: 'run' }],
  );
  assert.deepEqual(report.crossings, [
    { pid: 7, thread, at: 3, from: 1, to: 0, finding: finding.id },
  ]);
});

test('the file of the process has the findings as they come, and the last report', () => {
  const [first, found, last, ...rest] = lines();
  assert.deepEqual(first, {
    ...{ type: 'process', pid: 7, argv: ['node', app], cwd: folder, node: 'v24.0.0' },
  });
  assert.deepEqual([found.type, found.finding.id], ['finding', finding.id]);
  assert.deepEqual(last, { type: 'report', report });
  assert.deepEqual(rest, []);
});

test('reports of several processes are one', () => {
  const other = { ...report, processes: [{ ...report.processes[0], pid: 8 }] };
  const merged = JSON.parse(addon.merge([text, JSON.stringify(other)]));
  assert.deepEqual(
    merged.processes.map(({ pid }) => pid),
    [7, 8],
  );
  assert.deepEqual(
    merged.findings.map(({ id, count }) => [id, count]),
    [[finding.id, 4]],
  );
  assert.deepEqual(JSON.parse(addon.merge([])).findings, []);
  assert.throws(() => addon.merge(['{']), invalid(/A report must be JSON of this format/));
  assert.throws(
    () => addon.merge(['{"version":2}']),
    invalid('A report must be of version 1 or older, received version 2'),
  );
});

test('a report has four forms', () => {
  const terminal = addon.render('terminal', text, { cwd: folder });
  assert.ok(terminal.startsWith('lost: requests.getStore() at app.js:4 gave undefined, '));
  assert.ok(terminal.includes('\n    +   pool.query(sql, AsyncLocalStorage.bind(() => {\n'));
  assert.deepEqual(JSON.parse(addon.render('json', text)), report);
  const [run] = JSON.parse(addon.render('sarif', text, { cwd: folder })).runs;
  assert.equal(run.results[0].locations[0].physicalLocation.artifactLocation.uri, 'app.js');
  assert.match(addon.render('html', text), /^<!doctype html>/);
  assert.throws(
    () => addon.render('pdf', text),
    invalid(/one of 'terminal', 'json', 'sarif', 'html', received "pdf"/),
  );
  assert.throws(() => addon.render('json', 'no JSON'), invalid(/A report must be JSON/));
});
