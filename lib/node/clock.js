'use strict';

// Clock and timers as they are when the package is loaded. Tests replace the global ones with fakes
// that stand still, and a pool must go on.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers');

const nextTick = process.nextTick.bind(process);
const { queueMicrotask } = globalThis;

// Not performance.now(): loading node:perf_hooks would add an eighth to loading this package.
const { hrtime } = process;

/** Milliseconds since some moment in the past. */
function now() {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

module.exports = { clearTimeout, nextTick, now, queueMicrotask, setImmediate, setTimeout };
