'use strict';

// Sentry's native module for blocked event loops reads the agent's storage from another thread.

const { runInEveryOrder } = require('./native-readers/orders.js');

runInEveryOrder('sentry-agent.cjs', 'sentry-program.js');
