'use strict';

// The files of the tests that node:test runs.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

// Programs with dependencies of their own, which have runners of their own.
const OWN_RUNNERS = ['bundlers', 'ecosystem', 'queue', 'release', 'workflows'].map((name) =>
  path.join(root, '__test__', name),
);

// Tests that repeat something thousands of times, or start dozens of processes: a third of the time
// of all.
const LONG = [
  'contexts/chaos',
  'robustness/deep-nesting',
  'robustness/http-requests',
  'robustness/polluted-prototype',
  'robustness/terminated-workers',
  'worker-pool/api/closing',
  'worker-pool/failures/callbacks',
  'worker-pool/failures/chaos',
  'worker-pool/failures/event-listeners',
  'worker-pool/memory/pools',
  'worker-pool/memory/tasks',
  'worker-pool/threads/coming-and-going',
  'worker-pool/threads/exit-workers',
  'worker-pool/threads/idle',
].map((name) => path.join('__test__', `${name}.test.js`));

/** Their paths, relative to the root of the package. */
function testFiles(folder = path.join(root, '__test__')) {
  if (OWN_RUNNERS.includes(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(file);
    return file.endsWith('.test.js') ? [path.relative(root, file)] : [];
  });
}

module.exports = { LONG, testFiles };
