'use strict';

// Differences of the pool that Bun and Deno have in common.

const NO_PROCESSES = "the options that processes are started with, and their pipes, are Node's";

/** @type {import('./runtimes.js').Difference[]} */
module.exports = [
  {
    file: 'worker-pool/processes/options.test.js',
    title: /^flags that say what the program runs/,
    reason: NO_PROCESSES,
    skip: true,
  },
  ...[
    ['worker-pool/processes/options.test.js', /^(?:what processes|a processor|workerData|several)/],
    ['worker-pool/processors/other-files.test.js', 'in a process, too'],
  ].map(([file, title]) => ({
    file,
    title,
    reason: NO_PROCESSES,
    fails: /"options\.runtime" is out of range\. .* on this host, which is not Node/,
  })),
];
