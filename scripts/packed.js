'use strict';

// Tests of the package as it ships, whose scripts are in dist/: packs it, puts what is in the
// tarball and a copy of the tests into a folder, and runs them there on the running Node. Tests of
// single modules of lib/ cannot run there. The suite runs on the sources (`npm test`). `--only
// <text>` runs the files whose path contains the text.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { installInto } = require('./release/packages.js');
const { testEnvironment } = require('./test-environment.js');

const root = path.resolve(__dirname, '..');

// Folders and files of __test__.
const wanted = [
  'async-local-storage',
  'async-context/exports',
  'async-context/propagation',
  'async-resource',
  'coexistence/copies',
  'coexistence/module-loaders',
  'coexistence/native-readers',
  'register',
  'native-callbacks',
  'platforms',
  'propagation/promises',
  'robustness/terminated-workers',
  'robustness/workers',
  'packed',
  ...[
    'api/constructor-arguments',
    'api/events',
    'api/exports',
    'api/run',
    'api/run-task-arguments',
    'context/isolation',
    'failures/errors',
    'failures/stacks',
    'failures/start-up',
    'host/no-addons',
    'host/permissions',
    'memory/dropped',
    'processors/docs',
    'processors/function',
    'processors/loading',
    'processors/output',
    'threads/in-workers',
    'values/buffers',
    'values/round-trip',
    'values/transfer',
  ].map((name) => `worker-pool/${name}`),
];

// In each of these runs, with the engine that Node has by default or another one: with Node's own
// storages once, as scripts/node-matrix.js has it.
const runs = [
  [{}, wanted],
  [{ ASYNC_HOOKS_RS_ENGINE: 'builtin', ASYNC_HOOKS_RS_TEST_ONCE: '1' }, ['async-local-storage']],
];

const {
  values: { only },
} = parseArgs({ options: { only: { type: 'string', default: '' } } });

const isBelow = (name, list) =>
  list.some((each) => name === `${each}.test.js` || name.startsWith(`${each}/`));

function run(folder, changes, list) {
  const files = fs
    .readdirSync(path.join(folder, '__test__'), { recursive: true })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.test.js') && isBelow(file, list) && file.includes(only))
    .map((file) => path.join('__test__', file));
  if (files.length === 0) return only !== '';
  const { status, error } = spawnSync(
    process.execPath,
    ['--test', `--test-concurrency=${os.availableParallelism()}`, ...files],
    { cwd: folder, stdio: 'inherit', env: testEnvironment(changes) },
  );
  if (error !== undefined) throw error;
  return status === 0;
}

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
try {
  const place = path.join(folder, 'installed');
  fs.mkdirSync(place);
  fs.writeFileSync(path.join(place, 'package.json'), '{ "private": true }\n');
  installInto(place);
  const copy = path.join(folder, 'package');
  fs.renameSync(path.join(place, 'node_modules', 'async-hooks-rs'), copy);
  // Where the tests look for the main entry, and for the addon's package.
  fs.writeFileSync(path.join(copy, 'index.js'), "module.exports = require('./dist/index.js');\n");
  fs.renameSync(path.join(place, 'node_modules'), path.join(copy, 'node_modules'));
  const skipped = new Set(['bundlers', 'ecosystem', 'queue', 'release', 'trace', 'workflows']);
  fs.cpSync(path.join(root, '__test__'), path.join(copy, '__test__'), {
    recursive: true,
    filter: (source) => !skipped.has(path.basename(source)),
  });
  const passed = runs.map(([changes, list]) => run(copy, changes, list));
  if (passed.includes(false)) process.exitCode = 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
