'use strict';

// Differences of the pool on Bun.

/** @type {import('./runtimes.js').Difference[]} */
module.exports = [
  {
    file: 'worker-pool/api/stats.test.js',
    title: 'in which share of the time the event loop of a thread was active',
    reason: 'what Bun has for it only prints a warning',
    finds: 'undefined',
  },
  {
    file: 'worker-pool/codec/values.test.js',
    title: 'small Buffers of one pool travel separately',
    reason: 'small Buffers of Bun do not share memory',
    skip: true,
  },
  {
    file: 'worker-pool/processors/docs.test.js',
    title: 'a listener of on() is called with the value only, on parentPort',
    reason: 'its `this` is not parentPort',
    finds: { args: ['task'], thisIsPort: false },
  },
  {
    file: 'worker-pool/processors/other-files.test.js',
    title: 'so does a URL that no path has',
    reason: "Bun's own errors inherit their code, and only what is their own travels",
    finds: ['ERR_WORKER_POOL_LOAD', undefined],
  },
  {
    file: 'worker-pool/processors/other-files.test.js',
    title: 'errors that threads make have the stack of the call',
    reason: 'Error.captureStackTrace() does not see who awaits',
    fails:
      /^Error \[ERR_WORKER_POOL_LOAD\]: .* cannot be loaded: Cannot find module .*missing\.cjs/,
  },
];
