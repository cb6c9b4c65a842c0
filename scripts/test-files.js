'use strict';

// The files of the tests that node:test runs.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

// Programs with dependencies of their own, which have runners of their own; and the tests of the
// finder, whose addon `npm install` does not build (`npm run test:trace`).
const TRACE = path.join(root, '__test__', 'trace');
const OWN_RUNNERS = ['bundlers', 'ecosystem', 'queue', 'release', 'workflows']
  .map((name) => path.join(root, '__test__', name))
  .concat(TRACE);

// Tests that repeat something thousands of times, or start dozens of processes: a third of the time
// of all.
const LONG = [
  'contexts/chaos',
  'robustness/deep-nesting',
  'robustness/heap',
  'robustness/http-requests',
  'robustness/polluted-prototype',
  'robustness/terminated-workers',
  'worker-pool/api/closing',
  'worker-pool/context/outcomes',
  'worker-pool/failures/callbacks',
  'worker-pool/failures/chaos',
  'worker-pool/failures/chaos-recycling',
  'worker-pool/failures/event-listeners',
  'worker-pool/failures/one-of-many',
  'worker-pool/host/polluted-prototype',
  'worker-pool/memory/pools',
  'worker-pool/memory/tasks',
  'worker-pool/processors/output',
  'worker-pool/threads/coming-and-going',
  'worker-pool/threads/exit-workers',
  'worker-pool/threads/idle',
].map((name) => path.join('__test__', `${name}.test.js`));

// Tests that read sources, documentation and what is packed, and of what scripts of bash and the
// finder's addon do by themselves: Node's version makes no difference.
const OF_TEXTS = [
  'ci-scripts',
  'docs/codes',
  'docs/links',
  'docs/performance',
  'docs/shape',
  'docs/traced-rows',
  'docs/typescript',
  'docs/writing-addons',
  'layers',
  'package-contents',
  'package-files',
  'trace/addon/bounded',
  'trace/addon/nesting',
  'trace/addon/reports',
  'trace/addon/sources',
  'trace/command/outputs',
].map((name) => path.join('__test__', `${name}.test.js`));

/** Their paths, relative to the root of the package. */
function testFiles(folder = path.join(root, '__test__')) {
  return filesIn(folder, OWN_RUNNERS);
}

/** Those of the finder's tests. */
function traceTestFiles() {
  return filesIn(TRACE, []);
}

function filesIn(folder, left) {
  if (left.includes(folder) || path.basename(folder) === 'node_modules') return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(file, left);
    return file.endsWith('.test.js') ? [path.relative(root, file)] : [];
  });
}

module.exports = { LONG, OF_TEXTS, testFiles, traceTestFiles };
