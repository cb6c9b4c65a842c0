'use strict';

// Node's own tests with `--require register.js` against without: a test that passes without, and
// fails with it, is lost. They are read from a copy of Node's repository, or of its folder `test`,
// on the Node that runs this: `node scripts/node-tests.js <folder>`. `--only <text>` runs the files
// whose path contains the text, instead of those about carriers of context.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const REGISTER = path.resolve(__dirname, '..', 'register.js');
const FOLDERS = ['async-hooks', 'parallel', 'sequential'];
const SUBJECTS = new RegExp(
  String.raw`^async-hooks/|/test-(${[
    'als',
    'async-',
    'asyncresource',
    'diagnostics-channel',
    'domain',
    'event',
    'eventtarget',
    'http-agent',
    'http-client',
    'http-keep',
    'http-server',
    'microtask',
    'next-tick',
    'process-',
    'promise',
    'queue-microtask',
    'readline',
    'stream-',
    'timers',
    'uncaught',
    'unhandled',
    'worker',
  ].join('|')})`,
);

// Tests of the inside of Node's classes.
const ofTheInside = new Map(
  Object.entries({
    'parallel/test-async-local-storage-exit-does-not-leak.js':
      "replaces _propagate(), a method of Node 20's implementation",
  }),
);

const AT_ONCE = os.availableParallelism();
const TIME_LIMIT = 60_000;

const {
  values: { only },
  positionals: [given],
} = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });

function testFiles(tests) {
  const wanted = only === undefined ? (file) => SUBJECTS.test(file) : (file) => file.includes(only);
  return FOLDERS.flatMap((folder) =>
    fs
      .readdirSync(path.join(tests, folder))
      .filter((name) => /^test-.*\.m?js$/.test(name))
      .map((name) => `${folder}/${name}`),
  ).filter(wanted);
}

/** Whether a test passes. The test itself names its flags. */
function passes(tests, file, thread, flags) {
  const full = path.join(tests, file);
  const own = /^\/\/ Flags: (.+)$/m.exec(fs.readFileSync(full, 'utf8'))?.[1].split(/\s+/) ?? [];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...own, ...flags, full],
      {
        cwd: path.dirname(tests),
        env: { ...process.env, TEST_THREAD_ID: `${thread}`, TEST_PARALLEL: '1' },
        timeout: TIME_LIMIT,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => resolve({ passed: error === null, stdout, stderr }),
    );
  });
}

/** Most tests pass in one run. A test that fails only sometimes is not lost. */
async function outcome(tests, file, thread) {
  const withOurs = ['--require', REGISTER];
  if ((await passes(tests, file, thread, withOurs)).passed) return { name: 'passed' };
  if (!(await passes(tests, file, thread, [])).passed) return { name: 'failed without, too' };
  if (ofTheInside.has(file)) return { name: 'of the inside' };
  const again = await passes(tests, file, thread, withOurs);
  return again.passed ? { name: 'passed' } : { name: 'lost', report: again.stdout + again.stderr };
}

function refuse(message) {
  console.error(message);
  process.exitCode = 1;
}

async function main() {
  const tests = [given && path.join(given, 'test'), given].find(
    (folder) => folder && fs.existsSync(path.join(folder, 'async-hooks')),
  );
  if (tests === undefined) {
    return refuse(`expected a copy of Node's repository with its tests. Received '${given}'`);
  }
  const queue = testFiles(path.resolve(tests));
  if (queue.length === 0) return refuse(`no test has '${only}' in its path`);
  const counts = { 'passed': 0, 'lost': 0, 'failed without, too': 0, 'of the inside': 0 };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, thread) => {
      while (queue.length > 0) {
        const file = queue.shift();
        const { name, report } = await outcome(path.resolve(tests), file, thread);
        counts[name] += 1;
        if (name === 'lost') console.log(`\n== lost: ${file}\n${report}`);
      }
    }),
  );
  console.log(
    `\nNode ${process.versions.node}: ${Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
  );
  process.exitCode = counts.lost > 0 ? 1 : 0;
}

main();
