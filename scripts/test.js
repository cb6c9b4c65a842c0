'use strict';

// `npm test`: the tests on the running Node, one file at a time more than there are processors,
// because test files often wait for the processes they start, and node:test leaves one processor
// unused. Without what takes long: that is `npm run test:long` (`--long`). Files and options of
// node:test may be given. What failed stands at the end of the output, where the log of a CI run
// is read first: of Node's reporters, spec does that.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { testEnvironment } = require('./test-environment.js');
const { LONG, testFiles } = require('./test-files.js');

const root = path.resolve(__dirname, '..');

// As __test__/helpers/suite.js has them.
const ONCE = 'ASYNC_HOOKS_RS_TEST_ONCE';
const TWICE = 'in a process without node:test';

const concurrency = `--test-concurrency=${os.availableParallelism() + 1}`;
const REPORTER = '--test-reporter';

function run(args, changes = {}) {
  const reporter = args.some((arg) => arg.startsWith(REPORTER)) ? [] : [`${REPORTER}=spec`];
  const { status, error } = spawnSync(
    process.execPath,
    ['--test', concurrency, ...reporter, ...args],
    { cwd: root, stdio: 'inherit', env: testEnvironment(changes) },
  );
  if (error !== undefined) throw error;
  if (status !== 0) process.exitCode = status ?? 1;
}

/** Whether a file says that it runs a second time. */
function runsTwice(file) {
  return /\b(suite|poolSuite)\(__filename\b/.test(fs.readFileSync(path.join(root, file), 'utf8'));
}

const given = process.argv.slice(2);
const others = testFiles().filter((file) => !LONG.includes(file));
if (given.length === 0) run(others, { [ONCE]: '1' });
else if (given[0] !== '--long') run(given);
else {
  run(LONG);
  run([`--test-name-pattern=${TWICE}`, ...others.filter(runsTwice)]);
}
