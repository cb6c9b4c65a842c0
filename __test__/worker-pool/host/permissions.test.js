'use strict';

// Node's permission model: a pool needs the addon, and a processor file a Worker. The error says
// which permission is missing.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { engine } = require('../../../index.js');
const { runScript } = require('../../helpers/script.js');

const { native } = engine();
const FLAG = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

const NATIVE = "{ native: 'add' }";
const FILE = JSON.stringify(require.resolve('../../fixtures/pool/docs-add-listener.js'));
const PROCESS = "({ a, b }) => a + b, { runtime: 'child_process' }";

/** The result of a task, or the code of the pool's error. */
async function outcome(processor, ...allowed) {
  const program = `
    const { WorkerPool } = require('async-hooks-rs');
    (async () => {
      const pool = new WorkerPool(1, ${processor});
      const result = await pool.run({ a: 42, b: 100 });
      await pool.close();
      return result;
    })().then(console.log, ({ code }) => console.log(code));`;
  const args = [FLAG, '--allow-fs-read=*', ...allowed];
  // A forced engine may need a permission that is refused here.
  const options = { args, env: { ASYNC_HOOKS_RS_ENGINE: '' } };
  const { code, stdout, stderr } = await runScript(program, options);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

describe('a pool works under the permission model', {
  skip: native.loaded ? false : 'the addon cannot be loaded',
}, () => {
  it('without --allow-addons there is no pool', async () => {
    assert.equal(await outcome(NATIVE, '--allow-worker'), 'ERR_WORKER_POOL_UNAVAILABLE');
  });

  it('a native processor needs --allow-addons', async () => {
    assert.equal(await outcome(NATIVE, '--allow-addons'), '142');
  });

  it('a processor file needs --allow-worker, too', async () => {
    assert.equal(await outcome(FILE, '--allow-addons'), 'ERR_ACCESS_DENIED');
    assert.equal(await outcome(FILE, '--allow-addons', '--allow-worker'), '142');
  });

  it('processes need --allow-child-process besides', async () => {
    const allowed = ['--allow-addons', '--allow-worker'];
    assert.equal(await outcome(PROCESS, ...allowed), 'ERR_WORKER_POOL_WORKER_START');
    assert.equal(await outcome(PROCESS, ...allowed, '--allow-child-process'), '142');
  });
});
