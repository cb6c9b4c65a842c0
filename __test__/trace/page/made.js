'use strict';

// Pages: of programs that lose context, made by the command, and of reports that are written here,
// made by the addon alone.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { testEnvironment } = require('../../../scripts/test-environment.js');

const root = path.resolve(__dirname, '..', '..', '..');
const broken = path.join(root, '__test__', 'trace', 'programs', 'broken');
const command = path.join(root, 'bin', 'async-hooks-rs.js');
const TIME_LIMIT = 120_000;

/**
 * Runs a program under the command, which writes the page and the report.
 * @param {string} name  of its file
 * @param {string} folder  for what is written
 * @param {string[]} [options]
 * @param {string} [cwd]  where the program is
 */
async function pageOf(name, folder, options = [], cwd = broken) {
  const [file, json] = [`${name}.html`, `${name}.json`].map((out) => path.join(folder, out));
  const args = ['trace', '--html', file, '--json', json, ...options, '--', process.execPath, name];
  await new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [command, ...args],
      { cwd, env: testEnvironment(), timeout: TIME_LIMIT },
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
  return { file, report: JSON.parse(fs.readFileSync(json, 'utf8')) };
}

/** The page of a report. */
function pageOfReport(report, file) {
  const { loadTraceAddon } = require('../../../lib/package/trace-addon.js');
  const options = { color: false, width: 0, cwd: '/app', possible: true };
  fs.writeFileSync(file, loadTraceAddon().render('html', JSON.stringify(report), options));
  return { file, report };
}

/** A place with an excerpt of three lines. */
function place(file, line, text, of) {
  return {
    file: `/app/${file}`,
    line,
    column: 1,
    function: 'handle',
    package: of ?? null,
    code: [line - 1, line, line + 1].map((number) => ({
      line: number,
      text: number === line ? text : '',
      mark: number === line,
    })),
  };
}

/** A report with as many contexts as asked for, of which `lost` have lost their store. */
function largeReport(contexts, lost, text = 'requests.getStore()') {
  const of = { pid: 7, thread: 0 };
  const entered = place('server.js', 5, 'requests.run({ id }, handle);');
  const context = (id) => ({
    ...of,
    id,
    parent: 0,
    storage: 'requests',
    preview: `{ id: ${id} }`,
    entered,
    at: id * 100,
    over: true,
    activations: 3,
    pending: 0,
  });
  const ids = Array.from({ length: contexts }, (_, i) => i + 1);
  const finding = (id) => ({
    id: id.toString(16).padStart(12, '0'),
    certain: true,
    kind: 'lost',
    rule: 'birth',
    sentence: `The store of requests was lost in ${text}.`,
    storage: { name: 'requests', created: place('log.js', 1, 'new AsyncLocalStorage();') },
    read: place('log.js', 9, text),
    expected: context(id),
    actual: null,
    made: place('orders.js', 10 + id, text),
    madeAs: 'function',
    ranBy: place('node_modules/pool/index.js', 3, 'callback();', {
      name: 'pool',
      version: '2.0.0',
    }),
    count: 1,
  });
  const found = ids.filter((id) => id <= lost);
  return {
    version: 1,
    node: 'v24.21.0',
    processes: [
      { pid: 7, argv: ['node', 'app.js'], cwd: '/app', dropped: 3, forgotten: 12_345, notes: [] },
    ],
    findings: found.map(finding),
    contexts: ids.map(context),
    runs: ids.flatMap((id) =>
      [0, 300, 5000].map((after) => {
        const from = id * 100 + after;
        return { ...of, ctx: id, from, to: from + 40, what: 'Timeout', site: null };
      }),
    ),
    crossings: found.map((id) => ({
      ...of,
      at: id * 100 + 9000,
      from: id,
      to: 0,
      finding: finding(id).id,
    })),
  };
}

module.exports = { pageOf, pageOfReport, largeReport };
