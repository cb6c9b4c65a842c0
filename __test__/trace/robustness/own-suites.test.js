'use strict';

// This package's own tests pass under the tracer.

const assert = require('node:assert/strict');
const path = require('node:path');
const { describe, it } = require('node:test');
const { testFiles } = require('../../../scripts/test-files.js');
const { runTrace } = require('../helpers/command.js');

// As __test__/helpers/suite.js has it: files that run once.
const ONCE = 'ASYNC_HOOKS_RS_TEST_ONCE';

describe('own tests', () => {
  for (const folder of ['async-local-storage', 'register']) {
    it(folder, async () => {
      const files = testFiles().filter((file) => file.startsWith(path.join('__test__', folder)));
      assert.ok(files.length > 5, `${files.length} files`);
      // Set in the processes of node:test, which would report to the one above.
      const env = { [ONCE]: '1', NODE_TEST_CONTEXT: undefined };
      const program = ['node', '--test', '--test-reporter=tap', ...files];
      const { code, stdout } = await runTrace(['--', ...program], { env });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^# fail 0$/m);
    });
  }
});
