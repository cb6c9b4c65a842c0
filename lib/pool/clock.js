'use strict';

// Clock and timers as they are when the package is loaded. Tests of programs replace the global
// ones with fakes that stand still, and a pool must not stand still with them.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers');
const { performance } = require('node:perf_hooks');

const nextTick = process.nextTick.bind(process);
const now = performance.now.bind(performance);

module.exports = { clearTimeout, nextTick, now, setImmediate, setTimeout };
