'use strict';

// Datadog's tracer with its profiler, which labels what it samples with the active span.

const { runInEveryOrder } = require('./native-readers/orders.js');

runInEveryOrder('dd-trace-agent.cjs', 'dd-trace-program.js');
