'use strict';

// As an agent that labels what its profiler samples with the request that is being served.

const { isMainThread } = require('node:worker_threads');
const { time } = require('@datadog/pprof');

if (isMainThread) time.start({ useCPED: true, withContexts: true, intervalMicros: 1000 });
