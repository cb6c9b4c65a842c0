'use strict';

// Ends the process when its bridge is gone, however that ended, and whatever the process does: a
// thread of its own looks, because that of the processor may be in a loop.

const { Worker } = require('node:worker_threads');
const { LIFELINE } = require('./wire.js');

// The text of the thread's program.
const program = `
  const { Socket } = require('node:net');
  const end = () => process.kill(process.pid, 'SIGKILL');
  new Socket({ fd: ${LIFELINE} }).on('error', end).on('close', end).resume();
`;

function watchLifeline() {
  // Without what the program preloads.
  const options = { __proto__: null, eval: true, execArgv: [], env: {} };
  new Worker(program, options).unref();
}

module.exports = { watchLifeline };
