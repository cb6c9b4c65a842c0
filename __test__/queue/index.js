'use strict';

// `npm run test:queue`: QueuePool and the command `work`, over a real redis-server, on every Node
// version. Files and options of node:test may be given; `--node 20,24` picks versions.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { nodeVersions, supported } = require('../../scripts/node-versions.js');
const { installLocked } = require('../../scripts/npm.js');
const { testEnvironment } = require('../../scripts/test-environment.js');
const { findRedis } = require('./helpers/redis.js');

const [option, list] = process.argv.slice(2);
const isPicked = option === '--node';
const majors = isPicked ? list.split(',').map(Number) : supported;
const given = process.argv.slice(isPicked ? 4 : 2);

// Where a checkout finds the peers of the package, which a program has beside it.
const NODE_PATH = path.join(__dirname, 'node_modules');

installLocked(__dirname);
findRedis();
const files = fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js'));
const args = given.length > 0 ? given : files.map((file) => path.join(__dirname, file));

for (const [major, node] of nodeVersions(majors)) {
  console.log(`== Node ${major}`);
  const { status, error } = spawnSync(
    node,
    ['--test', '--test-concurrency=2', '--test-reporter=spec', ...args],
    { cwd: __dirname, stdio: 'inherit', env: testEnvironment({ NODE_PATH }) },
  );
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`test:queue: failed on Node ${major}`);
    process.exitCode = 1;
  }
}
