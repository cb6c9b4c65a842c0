'use strict';

// A large program, npm, prints the same bytes under the tracer.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { it } = require('node:test');
const { promisify } = require('node:util');
const { environment, root, runTrace } = require('../helpers/command.js');

const isWindows = process.platform === 'win32';
const run = promisify(execFile);

it('npm ls --all --json', async () => {
  const args = ['ls', '--all', '--json'];
  const env = environment({ npm_config_update_notifier: 'false' });
  const { stdout: expected } = await run('npm', args, { cwd: root, env, shell: isWindows });
  const { code, stdout, stderr } = await runTrace(['--fail', '--', 'npm', ...args], { env });
  assert.equal(code, 0, stderr);
  assert.ok(expected.length > 100);
  assert.equal(stdout, expected);
});
