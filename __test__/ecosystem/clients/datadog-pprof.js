'use strict';

// Datadog's profiler keeps its labels in V8's slot and reads them in a signal handler.

const { runInEveryOrder } = require('./native-readers/orders.js');

runInEveryOrder('pprof-agent.cjs', 'pprof-program.js');
