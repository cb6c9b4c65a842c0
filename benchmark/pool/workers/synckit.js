'use strict';

// The worker of synckit, with the task of Node's documentation.

const { runAsWorker } = require('synckit');

runAsWorker(async ({ a, b }) => a + b);
