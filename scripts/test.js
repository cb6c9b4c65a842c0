'use strict';

// `npm test`: the tests on the running Node, one file at a time more than there are processors,
// because test files often wait for the processes they start, and node:test leaves one processor
// unused. Arguments are passed on.

const { spawnSync } = require('node:child_process');
const os = require('node:os');
const { testEnvironment } = require('./test-environment.js');

const concurrency = `--test-concurrency=${os.availableParallelism() + 1}`;
const { status, error } = spawnSync(
  process.execPath,
  ['--test', concurrency, ...process.argv.slice(2)],
  { stdio: 'inherit', env: testEnvironment() },
);
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
