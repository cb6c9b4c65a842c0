'use strict';

// Which lines of lib/ the tests run: `npm run coverage`. Fails if it is less than the floor, or if
// a test fails. `--missed` lists the lines that nothing has run, `--floor <percent>` moves the
// floor. A command after `--` is measured in place of the ones below.
//
// V8 counts, in every version of Node and in Deno, in all processes and threads that are started: a
// thread that is terminated writes its report, too, a process that is killed does not. (Bun has no
// V8.) A line counts if there is code on it, and as run if any process has run a part of it.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { Lines } = require('./coverage/lines.js');

// The parts of the matrix that run what the whole of it runs, what only Deno does, and what has
// packages of its own: the queue, and OpenTelemetry. (Deno's inspector, which counts, keeps workers
// alive that nothing else does: not the tests of docs-listeners.)
const script = (...place) => [process.execPath, path.join(...place)];
const onDeno = (only) => [...script('scripts', 'runtimes.js'), '--runtime', 'deno', '--only', only];
const ON_NODE = ['--node', '24'];
const COMMANDS = [
  [...script('scripts', 'node-matrix.js'), '--brief'],
  ...['async-', 'processors/function', 'processors/documentation'].map(onDeno),
  [...script('__test__', 'queue', 'index.js'), ...ON_NODE],
  [...script('__test__', 'ecosystem', 'index.js'), ...ON_NODE, '--only', 'opentelemetry-carrier'],
];

const {
  values: { floor, missed },
  positionals: given,
} = parseArgs({
  allowPositionals: true,
  options: {
    floor: { type: 'string', default: '95' },
    missed: { type: 'boolean', default: false },
  },
});

const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-coverage-'));

/** Whether the command succeeds. */
function succeeds([command, ...args]) {
  const { status } = spawnSync(command, args, {
    cwd: path.resolve(__dirname, '..'),
    env: { ...process.env, NODE_V8_COVERAGE: reports, DENO_COVERAGE_DIR: reports },
    stdio: 'inherit',
  });
  return status === 0;
}

/** The scripts of one report: Node's of a thread, or Deno's of one script. */
function scriptsIn(file) {
  try {
    const report = JSON.parse(fs.readFileSync(file, 'utf8'));
    return report.result ?? [report];
  } catch {
    return []; // of a process that was killed while it wrote
  }
}

const failed = (given.length > 0 ? [given] : COMMANDS).filter((command) => !succeeds(command));

const lines = new Lines();
const names = fs.readdirSync(reports);
for (const name of names) {
  for (const one of scriptsIn(path.join(reports, name))) lines.note(one);
}
fs.rmSync(reports, { recursive: true, force: true });

let all = 0;
let run = 0;
for (const [file, ofFile] of lines.files) {
  const left = ofFile.filter((line) => !line.run).map(({ number }) => number);
  const share = (100 * (ofFile.length - left.length)) / ofFile.length;
  all += ofFile.length;
  run += ofFile.length - left.length;
  if (missed && left.length > 0) console.log(`${file}: ${left.join(' ')}`);
  else if (share < Number(floor)) console.log(`${file}: ${share.toFixed(1)} %`);
}
const percent = (100 * run) / all;
console.log(
  `${run} of ${all} lines of lib/ were run, by ${names.length} reports: ${percent.toFixed(2)} %, ` +
    `at least ${floor} % are due`,
);
for (const command of failed) console.log(`failed: ${command.join(' ')}`);
if (failed.length > 0 || percent < Number(floor)) process.exitCode = 1;
