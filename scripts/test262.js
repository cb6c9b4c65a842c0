'use strict';

// test262's suite for AsyncContext against ours: `npm run test:test262 -- <folder>`. The folder is
// a copy of https://github.com/tc39/test262 at the pull request with the suite, 3874. `--only
// <text>` runs the files whose path contains the text. Each file runs as test262's INTERPRETING.md
// says, in strict and in sloppy mode, in a new process for each.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { parse, modes } = require('./test262/metadata.js');

const SUITE = path.join('test', 'built-ins', 'AsyncContext');
const HOST = path.join(__dirname, 'test262', 'host.js');
const HOST_FLAGS = ['--expose-gc', '--experimental-vm-modules', '--no-warnings'];
const TIME_LIMIT = 60_000;
const AT_ONCE = os.availableParallelism();

const IN_GENERATORS = 'the body of a generator cannot be entered from outside';
const IN_REGISTRIES = "what calls a FinalizationRegistry's callback is the engine";

// Expected failures: only an engine can implement these, see docs/api/async-context.md.
const engineOnly = new Map(
  Object.entries({
    'context-propagation/generators.js': IN_GENERATORS,
    'context-propagation/generators-yield-inside-run.js': IN_GENERATORS,
    'context-propagation/async-generators.js': IN_GENERATORS,
    'context-propagation/async-generators-yield-inside-run.js': IN_GENERATORS,
    'context-propagation/FinalizationRegistry.js': IN_REGISTRIES,
  }),
);

const {
  values: { only },
  positionals: [folder],
} = parseArgs({ options: { only: { type: 'string', default: '' } }, allowPositionals: true });

function testFiles(suite) {
  return fs
    .readdirSync(suite, { recursive: true })
    .filter((name) => name.endsWith('.js') && !name.endsWith('_FIXTURE.js'))
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.includes(only))
    .sort();
}

/** Runs a test in one mode, and returns the failure, or `undefined`. */
function failureIn(file, mode, metadata) {
  const test = JSON.stringify({ folder: path.resolve(folder), file, mode, ...metadata });
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...HOST_FLAGS, HOST, test],
      { timeout: TIME_LIMIT, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const passed = error === null && stdout === 'passed\n';
        resolve(passed ? undefined : lastWords(error, stdout, stderr));
      },
    );
  });
}

function lastWords(error, stdout, stderr) {
  if (error?.signal) return error.signal;
  const said = (stdout.startsWith('passed') ? stderr : stdout || stderr).trim().split('\n');
  return said.find((line) => /Error\b/.test(line)) ?? (said[0] || 'ended without a result');
}

async function failure(suite, name) {
  const file = path.join(suite, name);
  const metadata = parse(fs.readFileSync(file, 'utf8'));
  for (const mode of modes(metadata.flags)) {
    const failed = await failureIn(file, mode, metadata);
    if (failed !== undefined) return `${mode}: ${failed}`;
  }
  return undefined;
}

async function main() {
  const suite = folder && path.join(path.resolve(folder), SUITE);
  if (!suite || !fs.existsSync(suite)) {
    return refuse(`expected a copy of test262 that has ${SUITE}. Received '${folder}'`);
  }
  const files = testFiles(suite);
  if (files.length === 0) return refuse(`no test has '${only}' in its path`);
  const queue = [...files];
  const failures = new Map();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (queue.length > 0) {
        const name = queue.shift();
        const failed = await failure(suite, name);
        if (failed !== undefined) failures.set(name, failed);
      }
    }),
  );
  report(files, failures);
}

function refuse(message) {
  console.error(message);
  process.exitCode = 1;
}

function report(files, failures) {
  let unexpected = 0;
  for (const name of files) {
    const failed = failures.get(name);
    const known = engineOnly.get(name);
    if (failed === undefined && known === undefined) continue;
    if (failed !== undefined && known !== undefined) {
      console.log(`engine only  ${name}  ${known}`);
      continue;
    }
    unexpected += 1;
    console.log(
      failed === undefined ? `PASSED, declared to fail  ${name}` : `FAILED  ${name}  ${failed}`,
    );
  }
  console.log(
    `\nNode ${process.versions.node}: ${files.length - failures.size} of ` +
      `${files.length} pass, ${unexpected} not as expected`,
  );
  process.exitCode = unexpected > 0 ? 1 : 0;
}

main();
