'use strict';

// A part of the tests on the first and on later minor versions of every major version of Node from
// 20 on, odd ones included: the matrix has the newest of each supported one only. Ends with a table
// and fails if any test failed. `--only <version>` runs that one.

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { nodeVersions } = require('./node-versions.js');

const root = path.resolve(__dirname, '..');
const versions = [
  '20.0.0',
  '20.6.1',
  '21.7.3',
  '22.0.0',
  '22.7.0',
  '22.12.0',
  '23.0.0',
  '23.11.1',
  '24.0.0',
  '24.7.0',
  '25.0.0',
  '25.9.0',
  '26.0.0',
];
// Context, register and the pool: what touches Node's internals, each once.
const files = [
  'async-local-storage/run',
  'async-local-storage/disable',
  'async-local-storage/with-scope',
  'async-context/run',
  'async-resource/run-in-async-scope',
  'propagation/promises',
  'propagation/timers',
  'propagation/rejections',
  'register/modules',
  'register/workers',
  'worker-pool/api/run',
  'worker-pool/api/run-task',
  'worker-pool/context/run-task',
  'worker-pool/processors/docs',
  'worker-pool/processors/native',
  'worker-pool/values/round-trip',
].map((name) => path.join('__test__', `${name}.test.js`));

const TIME_LIMIT = 180_000;

const {
  values: { only },
} = parseArgs({ options: { only: { type: 'string' } } });
const chosen = versions.filter((version) => only === undefined || version === only);
const failures = [];
for (const [version, binary] of nodeVersions(chosen)) {
  const failed = files.filter((file) => {
    // Without --test, whose form was another one in the first versions.
    const { status, stdout, stderr } = spawnSync(binary, [file], {
      cwd: root,
      encoding: 'utf8',
      timeout: TIME_LIMIT,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) console.log(`${version} ${file}\n${stdout}${stderr}`);
    return status !== 0;
  });
  console.log(
    `Node ${version}: ${files.length - failed.length} files passed, ${failed.length} failed`,
  );
  failures.push(...failed.map((file) => `${version} ${file}`));
}
if (chosen.length === 0) failures.push(`there is no version ${only} among ${versions.join(', ')}`);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${chosen.length * files.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
