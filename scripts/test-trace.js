'use strict';

// `npm run test:trace`: the tests of the finder of lost context, on the running Node. They take its
// addon, which is built if it is not there or older than its sources. Files and options of
// node:test may be given.

const { spawnSync } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const { testEnvironment } = require('./test-environment.js');
const { traceTestFiles } = require('./test-files.js');
const { buildTraceAddon } = require('./trace-addon.js');

buildTraceAddon();
const given = process.argv.slice(2);
const files = given.some((arg) => arg.endsWith('.js')) ? [] : traceTestFiles();
const { status, error } = spawnSync(
  process.execPath,
  ['--test', `--test-concurrency=${os.availableParallelism()}`, ...given, ...files],
  { cwd: path.resolve(__dirname, '..'), stdio: 'inherit', env: testEnvironment() },
);
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
