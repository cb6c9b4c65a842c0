'use strict';

// The tests of the crates for authors of addons: builds the addons of crates/demo-addon and
// crates/processor-demo and runs the tests, each file in a process of its own without node:test, on
// every supported Node, and on Bun and Deno. `--only <text>` runs the files or runtimes whose name
// contains the text.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { supported, nodeVersions } = require('../../scripts/node-versions.js');
const { runtimeBinaries } = require('../../scripts/runtime-binaries.js');
const { testEnvironment } = require('../../scripts/test-environment.js');

const root = path.resolve(__dirname, '../..');
const TIME_LIMIT = 120_000;
const outcomes = ['passed', 'failed', 'differ', 'skipped'];
const files = [
  'contexts',
  'posts',
  'order',
  'jobs',
  'ends',
  'lifetime',
  'workers',
  'mechanism',
  'processors',
];
const packages = ['demo-addon', 'processor-demo'];

function build(name) {
  const { status } = spawnSync('cargo', ['build', '--package', name, '--profile', 'demo'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`the addon of crates/${name} was not built`);
  const library = name.replace('-', '_');
  const names = { darwin: `lib${library}.dylib`, win32: `${library}.dll` };
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
  const built = path.resolve(root, target, 'demo', names[process.platform] ?? `lib${library}.so`);
  const addon = path.join(root, 'crates', name, 'demo.node');
  // A new file: a process may still run the old one.
  fs.rmSync(addon, { force: true });
  fs.copyFileSync(built, addon);
}

/** Runs a file, prints what is wrong with it, and returns the counts of its outcomes. */
function run({ title, binary, args }, name) {
  const bare = path.join('__test__', 'helpers', 'bare.js');
  const file = path.join('__test__', 'crate', `${name}.js`);
  const { status, signal, stdout, stderr } = spawnSync(binary, [...args, bare, file], {
    cwd: root,
    env: testEnvironment({ ASYNC_HOOKS_RS_TEST_BARE: '1', NO_COLOR: '1' }),
    encoding: 'utf8',
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  const last = stdout.trimEnd().split('\n').at(-1);
  const counts = Object.fromEntries(
    outcomes.map((outcome) => [outcome, Number(last.match(`(\\d+) ${outcome}`)?.[1] ?? 0)]),
  );
  if (status === 0 && counts.passed + counts.differ + counts.skipped > 0) return counts;
  console.log(`\n== ${title}, ${name}: ${signal ?? `exit code ${status}`}\n${stdout}${stderr}`);
  return { ...counts, failed: Math.max(1, counts.failed) };
}

function main() {
  const {
    values: { only },
  } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  // Each by itself: built together, they would share the features of napi.
  for (const name of packages) build(name);
  const nodes = [...nodeVersions(supported)].map(([major, binary]) => ({
    title: `Node ${major}`,
    binary,
    args: [],
  }));
  const runs = [...nodes, ...runtimeBinaries()]
    .flatMap((runtime) => files.map((file) => ({ runtime, file })))
    .filter(({ runtime, file }) => `${runtime.title} ${file}`.includes(only));
  const total = { passed: 0, failed: 0, differ: 0, skipped: 0 };
  for (const { runtime, file } of runs) {
    const counts = run(runtime, file);
    for (const outcome of outcomes) total[outcome] += counts[outcome];
    const told = outcomes.filter((outcome) => counts[outcome] > 0);
    console.log(
      `${`${runtime.title}, ${file}`.padEnd(24)}${told
        .map((outcome) => `${counts[outcome]} ${outcome}`)
        .join(', ')}`,
    );
  }
  console.log(`\n${outcomes.map((outcome) => `${total[outcome]} ${outcome}`).join(', ')}`);
  process.exitCode = total.failed > 0 || runs.length === 0 ? 1 : 0;
}

main();
