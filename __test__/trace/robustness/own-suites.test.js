'use strict';

// This package's own tests, under the tracer: all pass but those that see the tracer itself.

const assert = require('node:assert/strict');
const path = require('node:path');
const { describe, it } = require('node:test');
const { registerHooks } = require('node:module');
const { testFiles } = require('../../../scripts/test-files.js');
const { runTrace } = require('../helpers/command.js');

// As __test__/helpers/suite.js has it: files that run once.
const ONCE = 'ASYNC_HOOKS_RS_TEST_ONCE';
const FAILED = /^ *not ok \d+ - (.*)$/gm;

// Before module.registerHooks() each process has a thread more, which loads its ES modules under the
// tracer, too: the suites take minutes there.
const skip = registerHooks === undefined && 'this Node loads ES modules in a thread of their own';

const failing = {
  // The class has one method more, expect().
  'async-local-storage': [
    "the prototype has the keys of Node's class, in order",
    "the prototype has the descriptors of Node's class",
  ],
  'register': [
    // The class Worker, which is not the class of Node while its threads are traced.
    'unregister() restores everything, and register() replaces it again',
  ],
};

describe('own tests', { skip }, () => {
  for (const [folder, expected] of Object.entries(failing)) {
    it(folder, async () => {
      const files = testFiles().filter((file) => file.startsWith(path.join('__test__', folder)));
      assert.ok(files.length > 5, `${files.length} files`);
      // node:test sets it in the processes of files, which report to the one above.
      const env = { [ONCE]: '1', NODE_TEST_CONTEXT: undefined };
      const program = ['node', '--test', '--test-reporter=tap', ...files];
      const { stdout } = await runTrace(['--', ...program], { env });
      const failed = [...stdout.matchAll(FAILED)].map(([, title]) => title);
      assert.deepEqual(failed, expected, stdout);
      assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)[1]) > 50, stdout);
    });
  }
});
