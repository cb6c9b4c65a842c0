'use strict';

// Under Node's permission model neither addons nor the inspector exist, unless they are allowed:
// the package may choose another engine, and still carries context.

const test = require('node:test');
const assert = require('node:assert/strict');
const { runtime } = require('../helpers/runtimes.js');
const { runScript } = require('../helpers/script.js');

const FLAG = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
// A forced engine may need a permission that is refused here.
const options = { env: { ASYNC_HOOKS_RS_ENGINE: '' } };

const program = `
  const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');
  const { AsyncResource: NodeResource } = require('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const outside = new NodeResource('TEST');
  const seen = [];
  const look = () => seen.push(storage.getStore() ?? 'none');
  storage.run('in', async () => {
    setTimeout(look, 1);
    setImmediate(look);
    process.nextTick(look);
    require('node:fs').stat('.', look);
    const bound = AsyncResource.bind(look);
    setTimeout(() => storage.run('other', bound), 2);
    outside.runInAsyncScope(look);
    await null;
    look();
  });
  look();
  process.on('exit', () => console.log(JSON.stringify(seen)));
`;

for (const allowed of [[], ['--allow-addons']]) {
  test(`context is carried under ${['--permission', ...allowed].join(' ')}`, async () => {
    const args = [FLAG, '--allow-fs-read=*', ...allowed];
    const { code, stdout, stderr } = await runScript(program, { ...options, args });
    assert.equal(code, 0, stderr);
    const seen = JSON.parse(stdout);
    assert.deepEqual(seen.slice(0, 2), ['none', 'none']);
    assert.deepEqual(seen.slice(2), Array(6).fill('in'));
  });
}

// The engine `slot-hooks`, which needs addons, needs the inspector for this, too.
const title = 'unhandledRejection under --permission: the scope of the rejection';
test(title, { skip: runtime !== 'node' }, async () => {
  const args = [FLAG, '--allow-fs-read=*'];
  const { code, stdout, stderr } = await runScript(
    `
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    process.once('unhandledRejection', () => {
      console.log('handler', storage.getStore());
      process.on('uncaughtException', () => console.log('handler', storage.getStore()));
      storage.run('other', () => { Promise.reject(new Error('expected')); });
    });
    storage.run('in', async () => {
      await null;
      throw new Error('expected');
    });
  `,
    { ...options, args },
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'handler in\nhandler other\n');
});
