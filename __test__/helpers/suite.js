'use strict';

// Runs the tests of a file twice: by node:test, and in a process without it. node:test enables an
// async_hooks hook, so in its process Node tracks promises, unlike in an ordinary program, and the
// engines take other code paths.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');

const VARIABLE = 'ASYNC_HOOKS_RS_TEST_BARE';
// Leaves the second run to `npm run test:long` (scripts/test.js).
const ONCE = 'ASYNC_HOOKS_RS_TEST_ONCE';
// A whole file, on a machine that does other work. It must not wait forever.
const TIME_LIMIT = 240_000;
const bare = process.env[VARIABLE] === '1';

/**
 * The `test` function of a file, which passes its `__filename`. `flags` of V8 are those with which
 * the process without node:test runs once more each.
 *
 * @param {string} filename
 * @param {string[]} [flags]
 */
function suite(filename, flags = []) {
  return bare ? require('./bare.js').test : underNodeTest(filename, flags);
}

function underNodeTest(filename, flags) {
  const test = require('node:test');
  let count = 0;
  const runs = process.env[ONCE] === '1' ? [] : [[], ...flags.map((flag) => [flag])];
  for (const args of runs) {
    const title = [path.basename(filename), ...args, 'in a process without node:test'].join(' ');
    test(title, async () => {
      const { code, signal, stdout, stderr } = await runBare(filename, args);
      assert.equal(`${stdout}${stderr}`, `${count} passed\n`);
      assert.deepEqual([code, signal], [0, null]);
    });
  }
  return (title, body) => {
    count++;
    return test(title, body);
  };
}

function runBare(filename, args) {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...process.execArgv, ...args, filename],
      { env: { ...process.env, [VARIABLE]: '1' }, timeout: TIME_LIMIT },
      (error, stdout, stderr) => {
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
  });
}

module.exports = { suite };
