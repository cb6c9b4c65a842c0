'use strict';

// Clock and timers as they are when the package is loaded. Tests of programs replace the global
// ones with fakes that stand still, and a pool must not stand still with them.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers');

const nextTick = process.nextTick.bind(process);

// Not performance.now(): loading node:perf_hooks is an eighth of what loading this package takes.
const { hrtime } = process;

/** Milliseconds since some moment in the past. */
function now() {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

module.exports = { clearTimeout, nextTick, now, setImmediate, setTimeout };
