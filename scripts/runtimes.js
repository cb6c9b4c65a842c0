'use strict';

// The tests of context, and some of the pool's, on Bun and on Deno, each file in a process of its
// own. __test__/helpers/differences-*.js declare each difference with its reason, and it must
// differ in that way. Ends with a table and fails if any test failed. `--only <text>` runs the
// files whose path contains the text, `--runtime <name>` one of the two.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { names, runtimeBinaries } = require('./runtime-binaries.js');

const root = path.resolve(__dirname, '..');
const folders = [
  'async-context',
  'async-local-storage',
  'async-resource',
  'coexistence',
  path.join('contexts', 'carry'),
  'propagation',
  'robustness',
];
// The pool's tests are not complete here: they would take longer than everything else.
const poolFiles = [
  'api/abort-waiting',
  'api/channels',
  'api/dispose',
  'api/drain',
  'api/iteration-calls',
  'api/key',
  'api/map',
  'api/queue-order',
  'api/run',
  'api/run-sync',
  'api/run-sync-stack-limit',
  'api/run-sync-streams',
  'api/run-task',
  'api/signal',
  'api/stats',
  'api/stream',
  'api/tasks-per-worker',
  'api/timeout',
  'codec/refused',
  'codec/stack-limit',
  'codec/values',
  'context/run-task',
  'processes/options',
  'processors/broadcast',
  'processors/docs',
  'processors/docs-listeners',
  'processors/docs-messages',
  'processors/docs-task-info',
  'processors/documentation',
  'processors/function',
  'processors/native',
  'processors/other-files',
  'processors/other-files-kept',
  'processors/setup',
  'values/refused-transfer',
].map((name) => path.join('worker-pool', `${name}.test.js`));
// The other files about `register` test its behaviour on Node.
const files = [
  'compatibility.test.js',
  ...['collection', 'pool', 'pool-failures', 'returns'].map((name) =>
    path.join('contexts', `${name}.test.js`),
  ),
  path.join('native-callbacks', 'runtimes.test.js'),
  path.join('register', 'runtimes.test.js'),
  ...poolFiles,
];

const AT_ONCE = 2;
const TIME_LIMIT = 180_000;

function testFiles(only) {
  const inFolders = folders.flatMap((name) =>
    fs
      .readdirSync(path.join(root, '__test__', name))
      .filter((file) => file.endsWith('.test.js'))
      .map((file) => path.join(name, file)),
  );
  return [...inFolders, ...files].filter((file) => file.includes(only));
}

const outcomes = ['passed', 'failed', 'differ', 'skipped'];

function run(runtime, file) {
  return new Promise((resolve) => {
    const child = execFile(
      runtime.binary,
      [...runtime.args, path.join('__test__', 'helpers', 'bare.js'), path.join('__test__', file)],
      {
        cwd: root,
        env: { ...process.env, ASYNC_HOOKS_RS_TEST_BARE: '1', NO_COLOR: '1' },
        timeout: TIME_LIMIT,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const last = stdout.trimEnd().split('\n').at(-1);
        const counts = Object.fromEntries(
          outcomes.map((name) => [name, Number(last.match(`(\\d+) ${name}`)?.[1] ?? 0)]),
        );
        const clean = child.exitCode === 0 && counts.passed + counts.differ + counts.skipped > 0;
        if (!clean && counts.failed === 0) counts.failed = 1;
        const end = child.signalCode ?? `exit code ${child.exitCode}`;
        const report = clean ? '' : `\n== ${runtime.title}, ${file}: ${end}\n${stdout}${stderr}`;
        resolve({ runtime: runtime.title, file, counts, report });
      },
    );
  });
}

async function main() {
  const {
    values: { only, runtime: name },
  } = parseArgs({
    options: { only: { type: 'string', default: '' }, runtime: { type: 'string', default: '' } },
  });
  const wanted = names.filter((key) => key.includes(name));
  const chosen = testFiles(only);
  if (wanted.length === 0) return refuse('--runtime', names.join(', '), name);
  if (chosen.length === 0) return refuse('--only', 'part of the path of a test file', only);
  const queue = runtimeBinaries(wanted).flatMap((runtime) => chosen.map((file) => [runtime, file]));
  const results = [];
  const next = async () => {
    while (queue.length > 0) {
      const result = await run(...queue.shift());
      if (result.report !== '') console.log(result.report);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  print(results);
}

function refuse(option, expected, received) {
  console.error(`${option} matches nothing: expected ${expected}. Received '${received}'`);
  process.exitCode = 1;
}

function print(results) {
  const total = { passed: 0, failed: 0, differ: 0, skipped: 0 };
  for (const title of new Set(results.map(({ runtime }) => runtime))) {
    const rows = results.filter(({ runtime }) => runtime === title);
    console.log(`\n${title.padEnd(50)}${outcomes.map((name) => name.padStart(9)).join('')}`);
    for (const { file, counts } of rows.sort((a, b) => (a.file < b.file ? -1 : 1))) {
      console.log(file.padEnd(50) + outcomes.map((name) => `${counts[name]}`.padStart(9)).join(''));
      for (const name of outcomes) total[name] += counts[name];
    }
  }
  console.log(`\n${total.differ} differ as declared, ${total.skipped} skipped`);
  console.log(`${total.passed + total.differ} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main();
