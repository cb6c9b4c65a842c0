'use strict';

// Work in a function that samples can be told by: a profiler knows the name in the source only.

const { time } = require('@datadog/pprof');

const SAMPLES = 8;
const { kSampleCount } = time.constants;

/** Is busy, in a function of this name, until the profiler has taken some samples. */
function beBusy(name) {
  const busy = new Function(`return function ${name}(state, key, until) {
    while (state[key] < until);
  }`)();
  const state = time.getState();
  busy(state, kSampleCount, state[kSampleCount] + SAMPLES);
}

module.exports = { beBusy };
