'use strict';

// node benchmark/bench.js [--node <major,...>] [--suite <name,...>] [--rounds <n>] [--again]
// [--results <folder>] measures everything that has no results yet, on the package as a user gets
// it. README.md says how long that takes.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { list, positive } = require('./command-line.js');
const { withInstalled } = require('./installed.js');
const { start } = require('./report.js');
const { FOLDER, file, suites } = require('./results.js');
const { install } = require('../scripts/npm.js');
const { supported, nodeVersions } = require('../scripts/node-versions.js');

// By suite: the program, with arguments, and the folder of the packages that it needs.
const programs = {
  context: { args: [path.join(__dirname, 'index.js')] },
  pool: { args: [path.join(__dirname, 'pool', 'index.js')], folder: path.join(__dirname, 'pool') },
  service: {
    args: [path.join(__dirname, 'service', 'index.js'), '--storages', '5,10,20'],
    folder: path.join(__dirname, 'service'),
  },
};

function options() {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', multiple: true, default: supported.map(String) },
      suite: { type: 'string', multiple: true, default: suites },
      rounds: { type: 'string' },
      again: { type: 'boolean', default: false },
      results: { type: 'string', default: FOLDER },
    },
  });
  const chosen = list(values.suite);
  for (const name of chosen) {
    if (suites.includes(name)) continue;
    throw new RangeError(`--suite must be of ${suites.join(', ')}. Received '${name}'`);
  }
  const majors = list(values.node).map((value) => positive('--node', value));
  for (const major of majors) {
    if (supported.includes(major)) continue;
    throw new RangeError(`--node must be of ${supported.join(', ')}. Received '${major}'`);
  }
  if (values.rounds !== undefined) positive('--rounds', values.rounds);
  return { ...values, chosen, majors };
}

/** Runs the program of a suite; whether all of it could be measured. */
function measure(suite, node, place, { rounds, results }) {
  const { args, folder } = programs[suite];
  if (folder !== undefined && !fs.existsSync(path.join(folder, 'node_modules'))) install(folder);
  const { status, error } = spawnSync(
    process.execPath,
    [
      ...args,
      '--node',
      node,
      '--results',
      results,
      ...(rounds === undefined ? [] : ['--rounds', rounds]),
    ],
    { stdio: 'inherit', env: { ...process.env, BENCHMARK_PACKAGE: place } },
  );
  if (error !== undefined) throw error;
  return status === 0;
}

async function main() {
  const chosen = options();
  const all = chosen.majors.flatMap((major) => chosen.chosen.map((suite) => ({ suite, major })));
  const place = ({ suite, major }) => file(chosen.results, suite, major);
  // Removed at once, so that what an interrupted run leaves is what is missing.
  if (chosen.again) for (const each of all) fs.rmSync(place(each), { force: true });
  const missing = all.filter((each) => !fs.existsSync(place(each)));
  if (missing.length === 0) return;
  const nodes = nodeVersions(chosen.majors);
  await withInstalled((folder) => {
    for (const { suite, major } of missing) {
      const begin = performance.now();
      const complete = measure(suite, nodes.get(major), folder, chosen);
      const minutes = ((performance.now() - begin) / 60_000).toFixed(1);
      console.log(`# ${suite}, Node ${major}: ${complete ? 'written' : 'failed'}, ${minutes} min`);
      if (!complete) process.exitCode = 1;
    }
  });
}

start(main);
