'use strict';

// The processor of Node's documentation, as it stands there.

const { parentPort } = require('node:worker_threads');
parentPort.on('message', (task) => {
  parentPort.postMessage(task.a + task.b);
});
