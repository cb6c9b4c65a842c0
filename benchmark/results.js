'use strict';

// The files of results, `<suite>-node<major>.json`: what was measured, on which machine, when. They
// are what the charts and the tables of docs/performance.md are made of.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { PACKAGE } = require('./contender.js');
const { runScript } = require('./processes.js');

/** Where the results are that are committed. */
const FOLDER = path.join(__dirname, 'results');

const suites = ['context', 'pool', 'service'];

// A file has a summary as a list: half of it would be names otherwise.
const SUMMARIES = { contenders: ['median', 'min', 'max'], quotients: ['median', 'q1', 'q3'] };

const DESCRIBE = `const { engine } = require(${JSON.stringify(PACKAGE)});
console.log(JSON.stringify({ node: process.versions.node, engine: engine().name }));`;

/** The object with `change(value, key)` in place of each value. */
function mapValues(object, change) {
  const entries = Object.entries(object).map(([key, value]) => [key, change(value, key)]);
  return Object.fromEntries(entries);
}

/** Four digits are more than any machine repeats. */
const rounded = (value) => Number(value.toPrecision(4));

/** The row with `change(summary, names)` in place of each summary. */
function withSummaries(row, change) {
  return {
    ...row,
    ...mapValues(SUMMARIES, (names, kind) =>
      mapValues(row[kind], (summary) => change(summary, names)),
    ),
  };
}

const encoded = (row) =>
  withSummaries(row, (summary, names) => names.map((name) => rounded(summary[name])));

const decoded = (row) =>
  withSummaries(row, (list, names) => Object.fromEntries(names.map((name, i) => [name, list[i]])));

/** The commit of the checkout, with a plus if it has changes; nothing outside of a repository. */
function commit() {
  const git = (...args) =>
    execFileSync('git', args, {
      cwd: __dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed = git('status', '--porcelain', '--', '../lib', '../src', '../index.js') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return undefined;
  }
}

function machine() {
  const [{ model }] = os.cpus();
  return {
    system: `${process.platform}-${process.arch}`,
    processor: model.trim(),
    cores: os.availableParallelism(),
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    load: rounded(os.loadavg()[0]), // before the measurement
  };
}

/** The installed versions of the dependencies of a folder, by name. */
function versions(folder) {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json')));
  return mapValues(dependencies, (range, name) => {
    const manifest = path.join(folder, 'node_modules', name, 'package.json');
    return JSON.parse(fs.readFileSync(manifest)).version;
  });
}

/**
 * What stands in a file beside the rows. `args` are further arguments for Node; `folder` has the
 * contenders' packages.
 */
async function describe(suite, { node, rounds, args = [], folder }) {
  const { version } = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'package.json')));
  return {
    suite,
    date: new Date().toISOString().slice(0, 10),
    ...(await runScript(node, [...args, '-e', DESCRIBE])),
    package: { version, commit: commit() },
    versions: folder === undefined ? {} : versions(folder),
    machine: machine(),
    rounds,
  };
}

function file(folder, suite, major) {
  return path.join(folder, `${suite}-node${major}.json`);
}

/** Writes a file that has a line per fact and per row. */
function write(folder, { rows, ...facts }) {
  const heads = Object.entries({ ...facts, summaries: SUMMARIES }).map(
    ([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`,
  );
  const lines = rows.map((row) => `    ${JSON.stringify(encoded(row))}`);
  fs.mkdirSync(folder, { recursive: true });
  const [major] = facts.node.split('.');
  fs.writeFileSync(
    file(folder, facts.suite, major),
    `{\n${heads.join('')}  "rows": [\n${lines.join(',\n')}\n  ]\n}\n`,
  );
}

/** The results of a suite on a major version of Node, or undefined if there are none. */
function read(folder, suite, major) {
  const name = file(folder, suite, major);
  if (!fs.existsSync(name)) return undefined;
  const { rows, summaries, ...facts } = JSON.parse(fs.readFileSync(name));
  if (JSON.stringify(summaries) !== JSON.stringify(SUMMARIES)) {
    throw new Error(`${name} is of another version of the benchmark: measure again`);
  }
  return { ...facts, rows: rows.map(decoded) };
}

module.exports = { FOLDER, suites, describe, file, write, read };
