'use strict';

// ASYNC_HOOKS_RS_DEBUG: each thread reports its engine. Without the variable it reports nothing.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { engine } = require('../../index.js');
const { FLAGS, replaces, runRegistered } = require('../helpers/register.js');

const PROGRAM = `
  const { Worker } = require('node:worker_threads');
  new Worker('', { eval: true, execArgv: [] });`;

const { name } = engine();

for (const flag of FLAGS) {
  test(`${flag}: each thread writes one line to standard error`, async () => {
    const { stderr } = await runRegistered(PROGRAM, { flag, env: { ASYNC_HOOKS_RS_DEBUG: '1' } });
    const lines = stderr.split('\n').filter((line) => line.startsWith('async-hooks-rs: '));
    if (!replaces) {
      assert.match(
        lines[0],
        /^async-hooks-rs: not registered in thread 0, the built-in classes stay: ./,
      );
      return;
    }
    assert.equal(lines.length, 2);
    for (const [thread, line] of lines.entries()) {
      const start = `async-hooks-rs: registered in thread ${thread}, engine ${name} (`;
      assert.equal(line.slice(0, start.length), start);
      assert.match(line, /\(.+\)$/);
    }
  });
}

for (const value of [undefined, '', '0']) {
  test(`silent with ASYNC_HOOKS_RS_DEBUG ${value === undefined ? 'unset' : `'${value}'`}`, async () => {
    const env = value === undefined ? {} : { ASYNC_HOOKS_RS_DEBUG: value };
    assert.equal((await runRegistered(PROGRAM, { env })).stderr, '');
  });
}

test('a closed standard error does not matter', { skip: process.platform !== 'linux' }, () => {
  const full = fs.openSync('/dev/full', 'w');
  const args = ['--require', 'async-hooks-rs/register', '-e', '0'];
  const { status } = spawnSync(process.execPath, args, {
    cwd: path.resolve(__dirname, '..', '..'),
    env: { ...process.env, ASYNC_HOOKS_RS_DEBUG: '1' },
    stdio: ['ignore', 'ignore', full],
  });
  fs.closeSync(full);
  assert.equal(status, 0);
});

test('a host where only the built-in class works keeps that class', async () => {
  const { printed, stderr } = await runRegistered(
    `
    const { register } = require('async-hooks-rs/register');
    register();
    print(isOurs(asyncHooks.AsyncLocalStorage));`,
    { env: { ASYNC_HOOKS_RS_ENGINE: 'builtin', ASYNC_HOOKS_RS_DEBUG: '1' } },
  );
  assert.deepEqual(printed, [false]);
  assert.match(stderr, /^(async-hooks-rs: not registered in thread 0, .*: forced by .*\n)+$/);
});
