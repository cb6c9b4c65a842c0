'use strict';

// Runs a program in a process of its own and returns its output: for tests that need a process
// without a hook or an earlier scope (node:test itself enables a hook).

const assert = require('node:assert/strict');
const { runScript } = require('./script.js');

const PRELUDE = `'use strict';
const {
  AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, triggerAsyncId,
  executionAsyncResource,
} = require('async-hooks-rs');
const print = (value) => console.log(JSON.stringify(value));
`;

/**
 * Runs `source`, which has the exports of the package in scope and calls `print(value)` once.
 * Returns that value, as JSON keeps it. Fails unless the process ends by itself with code 0.
 */
async function runProgram(source, options) {
  const { code, signal, stdout, stderr } = await runScript(PRELUDE + source, options);
  assert.deepEqual([code, signal], [0, null], stderr);
  return JSON.parse(stdout);
}

module.exports = { PRELUDE, runProgram };
