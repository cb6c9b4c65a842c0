'use strict';

// The program of a worker thread, and of a process that a thread has started in its place.

const { MessagePort, parentPort } = require('node:worker_threads');

// Deno's parentPort is no MessagePort, and can only be listened to.
const port = /** @type {any} */ (parentPort);

if (port === null) require('./process/child.js').listen();
else {
  const { begin } = require('./thread.js');
  if (port instanceof MessagePort) begin(require('./configuration.js').configuration());
  else port.once('message', begin);
}
