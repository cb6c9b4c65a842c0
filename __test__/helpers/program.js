'use strict';

// Runs a function as a program of its own, for tests of process-wide state.

const assert = require('node:assert/strict');
const { runScript } = require('./script.js');

/**
 * Runs `program(data)` in a new process and returns its result or the result of its promise, as
 * JSON keeps it. The function has only `require` and its argument, none of its surroundings here.
 * Fails unless the process ends by itself with code 0 and prints nothing to stderr.
 */
async function runProgram(program, { data = null, ...options } = {}) {
  const source = `
    const program = ${program};
    (async () => program(${JSON.stringify(data)}))().then((result) => {
      process.on('exit', () => console.log(JSON.stringify({ result })));
    }, (error) => {
      console.error(error);
      process.exitCode = 1;
    });`;
  const { code, signal, stdout, stderr } = await runScript(source, options);
  assert.equal(stderr, '');
  assert.deepEqual([code, signal], [0, null]);
  return JSON.parse(stdout).result;
}

module.exports = { runProgram };
