'use strict';

// Ends a process of tests that hangs. node:test ends no file: a pool that never closes keeps its
// process alive, after all of its tests have failed by their own limits.

const { setTimeout } = require('node:timers');

const MINUTES = 10;

setTimeout(() => {
  process.stderr.write(`the tests have not ended within ${MINUTES} minutes\n`);
  process.exit(1);
}, MINUTES * 60_000).unref();
